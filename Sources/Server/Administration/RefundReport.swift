import Domain
import Rows
import Storage

/// A refund in a line. Amounts in minor units, times as ISO 8601 in UTC.
package struct RefundSummary: Codable, Sendable, Equatable {
    package let id: String
    package let account: String
    package let mode: String
    package let status: String
    package let amount: Int64
    package let currency: String
    package let payment: String
    package let created: String
    /// When a worker looks at it next, or ends its wait for approval.
    package let due: String?

    package init(_ refund: Refund, account: String) {
        id = ObjectText.text(refund.id.raw)
        self.account = account
        mode = Account.mode(of: refund.book).rawValue
        status = refund.status.rawValue
        amount = refund.amount
        currency = refund.currency.code
        payment = ObjectText.text(refund.payment.raw)
        created = Instant.text(refund.createdAt)
        due = refund.dueAt.map(Instant.text)
    }
}

/// Everything that is known about a refund.
package struct RefundReport: Encodable, Sendable {
    package let refund: RefundSummary
    /// Further members that have a value, by name.
    package let details: [String: String]
    /// Minor units, by name.
    package let payment: [String: Int64]
    package let attempts: [[String: String]]
    package let evidence: [[String: String]]
    package let events: [[String: String]]
    /// Free texts, by name.
    package let notes: [String: String]
    /// For people, such as `4.00 EUR`.
    package let money: @Sendable (Int64) -> String

    private enum CodingKeys: CodingKey {
        case refund, details, payment, attempts, evidence, events, notes
    }

    /// - Throws: ``AdminRefusal`` when nothing has that name.
    package init(_ text: String, in store: any Books) async throws {
        let (id, book) = try await RefundName.find(text, in: store)
        guard let found = try await store.refunds([id], in: book, dialect: "storno").first?.refund,
            let paid = try await store.payments([found.payment], in: book, dialect: "storno").first?.payment
        else { throw AdminRefusal("There is no refund \(text).") }
        let account = try await store.accounts().first { $0.number == Account.number(of: book) }?.name ?? ""
        refund = RefundSummary(found, account: account)
        details = Self.details(of: found)
        payment = [
            "captured": paid.captured, "reserved": paid.reserved, "refunded": paid.refunded,
            "disputed": paid.disputed, "excess": paid.excess, "refundable": paid.refundable,
        ]
        attempts = try await store.attempts(of: id, in: book).map(Self.line)
        evidence = try await store.evidence(of: id, in: book).map(Self.line)
        events = try await store.events(of: ObjectReference(.refund, id.raw), in: book).map(Self.line)
        notes = Dictionary(try await store.notes(of: id.raw, in: book).map { ($0.name, $0.text) }) { first, _ in first }
        money = { MoneyText.text($0, found.currency) }
    }

    private static func details(of refund: Refund) -> [String: String] {
        let members: [(String, String?)] = [
            ("kind", refund.kind.rawValue), ("asked_by", "\(refund.actor.kind.rawValue) \(refund.actor.id)"),
            ("asked_through", refund.origin), ("request", refund.requestID), ("reason", refund.reasonCode),
            ("connector", refund.connector), ("pending_reason", refund.pendingReason?.rawValue),
            ("failure", refund.failure?.code.rawValue), ("failure_detail", refund.failure?.detail),
            ("processor_reference", refund.processorReference), ("bank_reference", refund.bankReference),
            ("first_sent", refund.firstSentAt.map(Instant.text)),
            ("succeeded", refund.succeededAt.map(Instant.text)),
            ("expires", refund.expiresAt.map(Instant.text)), ("updated", Instant.text(refund.updatedAt)),
        ]
        return members.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    private static func line(_ attempt: Attempt) -> [String: String] {
        [
            "number": String(attempt.number), "started": Instant.text(attempt.startedAt),
            "ended": attempt.endedAt.map(Instant.text) ?? "", "outcome": attempt.outcome?.rawValue ?? "",
            "key": attempt.processorKey,
        ]
    }

    private static func line(_ fact: Evidence) -> [String: String] {
        [
            "arrived": Instant.text(fact.arrivedAt), "source": fact.source.rawValue, "claim": fact.claim.rawValue,
            "attempt": fact.attempt.map { String($0) } ?? "",
            "amount": fact.amount.map { amount in
                fact.currency.map { MoneyText.text(amount, $0) } ?? String(amount)
            } ?? "",
            "reference": fact.processorReference ?? "", "failure": fact.failure?.code.rawValue ?? "",
            "processor_time": fact.processorTime.map(Instant.text) ?? "",
        ]
    }

    private static func line(_ event: Event) -> [String: String] {
        [
            "number": String(event.sequence), "at": Instant.text(event.at), "type": event.type,
            "actor": "\(event.actor.kind.rawValue) \(event.actor.id)",
        ]
    }
}

/// Amounts for people.
package enum MoneyText {
    /// With as many decimals as the currency has, such as `4.00 EUR` or `400 JPY`.
    package static func text(_ minorUnits: Int64, _ currency: Currency) -> String {
        guard currency.exponent > 0 else { return "\(minorUnits) \(currency.code)" }
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
        let sign = minorUnits < 0 ? "-" : ""
        return "\(sign)\(padded.dropLast(currency.exponent)).\(padded.suffix(currency.exponent)) \(currency.code)"
    }
}
