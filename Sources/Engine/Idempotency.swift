import Domain
import NIOConcurrencyHelpers
import Storage

/// What makes a request the same as another: its key, and a digest of everything that it asks.
package struct Once: Sendable {
    package let key: String
    /// Keyed digest over API, route and canonical body: a body may hold a card number.
    package let fingerprint: Digest256
    /// The master key that the fingerprint was made with.
    package let fingerprintKeyID: String

    package init(key: String, fingerprint: Digest256, fingerprintKeyID: String) {
        self.key = key
        self.fingerprint = fingerprint
        self.fingerprintKeyID = fingerprintKeyID
    }
}

/// An answer's body, and whether it was given before.
package struct Answer: Sendable {
    package let body: [UInt8]
    package let isReplay: Bool

    package init(body: [UInt8], isReplay: Bool) {
        self.body = body
        self.isReplay = isReplay
    }
}

/// An outcome that is about one thing.
package protocol AboutObject {
    var subject: AnswerSubject { get }
}

/// A command that is carried out once for its key, however often it is asked. The answer is kept in the
/// command's own transaction; a refusal is not kept.
struct Idempotent<Inner: Command>: Command where Inner.Outcome: AboutObject {
    let inner: Inner
    let book: Book
    let once: Once
    let render: @Sendable (Inner.Outcome) -> [UInt8]

    private var key: IdempotencyKey { IdempotencyKey(book: book, text: once.key) }

    var weight: Int { inner.weight }

    var footprint: Footprint {
        var footprint = inner.footprint
        footprint.idempotencyKeys.insert(key)
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Answer> {
        if let record = set.idempotency[key] {
            guard context.rules.idempotency.isSame(record, once) else { throw .idempotencyMismatch }
            return Decision([], Answer(body: record.answer, isReplay: true))
        }
        let decision = try inner.decide(set, &context)
        let moment = context.moment
        let keeps = context.rules.idempotency.keeps(once)
        return Decision(decision.changes) { set in
            let outcome = decision.conclude(&set)
            let body = render(outcome)
            guard keeps else { return Answer(body: body, isReplay: false) }
            let record = IdempotencyRecord(
                key: key,
                fingerprint: once.fingerprint,
                fingerprintKeyID: once.fingerprintKeyID,
                subject: outcome.subject,
                answer: body,
                createdAt: moment
            )
            set.apply(.insert(.idempotency(record)))
            return Answer(body: body, isReplay: false)
        }
    }
}

/// The keys whose first request has not ended yet.
final class RunningKeys: Sendable {
    private let keys = NIOLockedValueBox<Set<IdempotencyKey>>([])

    /// - Returns: whether the key was free.
    func take(_ key: IdempotencyKey) -> Bool { keys.withLockedValue { $0.insert(key).inserted } }

    func giveBack(_ key: IdempotencyKey) { keys.withLockedValue { _ = $0.remove(key) } }
}

extension PaymentDetails: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.payment, payment.id.raw)) }
}

extension RefundDetails: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.refund, refund.id.raw)) }
}

extension CustomerDetails: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.customer, customer.id.raw)) }
}

extension CardDetails: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.card, card.id.raw)) }
}

extension PotDetails: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.pot, pot.id.raw)) }
}
