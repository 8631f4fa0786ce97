/// One call to a processor, written down before it is made.
package struct Attempt: Sendable, Equatable {
    package let book: Book
    package let refund: Refund.ID
    /// 1, 2, … within the refund.
    package let number: Int64
    package let leg: AttemptLeg
    package let connector: String
    /// What the processor recognises a repetition by. The same for every try of one refund's leg.
    package let processorKey: String
    /// Who works on it, and until when nobody else may.
    package var leaseUntil: Moment
    /// Rises with every claim; a worker that comes back with an old one is refused.
    package var fencing: Int64
    package let startedAt: Moment
    package var endedAt: Moment?
    package var outcome: AttemptOutcome?

    package init(
        book: Book,
        refund: Refund.ID,
        number: Int64,
        leg: AttemptLeg,
        connector: String,
        processorKey: String,
        leaseUntil: Moment,
        fencing: Int64,
        startedAt: Moment
    ) {
        self.book = book
        self.refund = refund
        self.number = number
        self.leg = leg
        self.connector = connector
        self.processorKey = processorKey
        self.leaseUntil = leaseUntil
        self.fencing = fencing
        self.startedAt = startedAt
    }

    /// Whether its call may still be under way: nobody may make another one meanwhile.
    package func isInFlight(at moment: Moment) -> Bool { endedAt == nil && moment < leaseUntil }
}

/// Whose money the call moves: back to the payer, back from a connected account, or a fee.
package enum AttemptLeg: String, CaseIterable, Sendable {
    case payer
    case transfer
    case fee
}

/// How a call ended, as the caller saw it.
package enum AttemptOutcome: String, CaseIterable, Sendable {
    case answered
    case refused
    case unknown
    case unsent
}

/// One fact heard about a refund. Never changed, never removed.
package struct Evidence: Sendable, Equatable {
    package typealias ID = Identifier<Evidence>

    package let id: ID
    package let book: Book
    package let refund: Refund.ID
    /// The attempt it answers, where it answers one.
    package let attempt: Int64?
    package let source: EvidenceSource
    package let claim: EvidenceClaim
    /// What the source says was moved, in minor units, where it says so.
    package let amount: Int64?
    package let currency: Currency?
    package let processorReference: String?
    package let failure: RefundFailure?
    /// When the processor says that it happened.
    package let processorTime: Moment?
    package let arrivedAt: Moment
    /// SHA-256 of the body it was read from.
    package let bodyHash: Digest256?

    package init(
        id: ID,
        book: Book,
        refund: Refund.ID,
        attempt: Int64?,
        source: EvidenceSource,
        claim: EvidenceClaim,
        amount: Int64? = nil,
        currency: Currency? = nil,
        processorReference: String? = nil,
        failure: RefundFailure? = nil,
        processorTime: Moment? = nil,
        arrivedAt: Moment,
        bodyHash: Digest256? = nil
    ) {
        self.id = id
        self.book = book
        self.refund = refund
        self.attempt = attempt
        self.source = source
        self.claim = claim
        self.amount = amount
        self.currency = currency
        self.processorReference = processorReference
        self.failure = failure
        self.processorTime = processorTime
        self.arrivedAt = arrivedAt
        self.bodyHash = bodyHash
    }
}

/// Where a fact comes from, weakest first.
package enum EvidenceSource: String, CaseIterable, Sendable {
    case silence
    case notification
    case reply
    case inquiry
    case settlement
    case `operator`
}

package enum EvidenceClaim: String, CaseIterable, Sendable {
    case none
    case unsent
    case postponed
    case accepted
    case actionRequired = "action_required"
    case actionTaken = "action_taken"
    case succeeded
    case refused
    case returned
    /// Proven: it would have been seen.
    case absent
    case contradicted
    /// An operator's word that it was called off.
    case withdrawn
}
