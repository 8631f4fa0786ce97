import Foundation

/// A refund that is to be made.
public struct RefundDraft: Sendable {
    /// The payment's id.
    public var payment: String
    /// In minor units; `nil` for all that is left.
    public var amount: Int64?
    /// ISO 4217: refused where it is not the payment's.
    public var currency: String?
    /// The reason's code.
    public var reason: String?
    /// Free text.
    public var comment: String?
    /// What the merchant keeps with it.
    public var metadata: [String: String] = [:]
    /// What the caller believes to be refundable: refused where something else is.
    public var expectedRefundable: Int64?

    /// Of a payment.
    public init(payment: String, amount: Int64? = nil) {
        self.payment = payment
        self.amount = amount
    }

    var body: [String: JSON?] {
        [
            "payment": .string(payment), "amount": amount.map { .integer($0) },
            "currency": currency.map { .string($0) }, "reason": reason.map { .string($0) },
            "comment": comment.map { .string($0) }, "metadata": .texts(metadata),
            "expected_refundable": expectedRefundable.map { .integer($0) },
        ]
    }
}

/// Which refunds a list has; those that are named narrow each other.
public struct RefundFilter: Sendable {
    /// Any of these.
    public var statuses: [RefundStatus]
    /// With this reason's code.
    public var reason: String?
    /// At least so much, in minor units.
    public var amountFrom: Int64?
    /// At most so much, in minor units.
    public var amountTo: Int64?
    /// Of this payment.
    public var payment: String?
    /// Of this customer.
    public var customer: String?
    /// In this pot.
    public var pot: String?
    /// From then on.
    public var createdFrom: Date?
    /// Before then.
    public var createdBefore: Date?
    /// With all of this.
    public var metadata: [String: String] = [:]

    /// All, or those of some statuses.
    public init(statuses: [RefundStatus] = []) {
        self.statuses = statuses
    }

    var query: [(name: String, value: String?)] {
        statuses.map { ("status", $0.rawValue) }
            + [
                ("reason", reason), ("amount_from", amountFrom.map { String($0) }),
                ("amount_to", amountTo.map { String($0) }), ("payment", payment), ("customer", customer), ("pot", pot),
                ("created_from", createdFrom.map(StornoCoding.text)),
                ("created_before", createdBefore.map(StornoCoding.text)),
            ] + metadata.sorted { $0.key < $1.key }.map { ("metadata[\($0.key)]", $0.value) }
    }
}

/// What is given back.
public struct Refunds: Sendable {
    let wire: Wire

    /// Newest first.
    public func list(_ filter: RefundFilter = RefundFilter()) -> PagedList<Refund> {
        PagedList(wire: wire, call: .get("refunds", query: filter.query))
    }

    /// Found by words: ids, references, reason, metadata. Newest first.
    public func search(_ words: String) -> PagedList<Refund> {
        PagedList(wire: wire, call: .get("refunds", "search", query: [("query", words)]))
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Refund { try await wire.read(.get("refunds", id)) }

    /// Asks for a refund. Done when this returns: the amount is held, and what becomes of it is told by events.
    ///
    /// - Parameter idempotencyKey: the same for the same refund, also after a restart of the program.
    public func create(_ draft: RefundDraft, idempotencyKey: String? = nil) async throws(StornoError) -> Refund {
        try await wire.read(.post("refunds", body: draft.body, key: idempotencyKey))
    }

    /// Makes exactly the refund that a quote was about, if the payment has not changed since.
    ///
    /// - Parameter token: of a ``RefundQuote``.
    public func confirm(quote token: String, idempotencyKey: String? = nil) async throws(StornoError) -> Refund {
        try await wire.read(.post("refunds", body: ["quote": .string(token)], key: idempotencyKey))
    }

    /// Asks for 1 to 100 refunds in one transaction; each has an outcome of its own.
    ///
    /// - Parameter idempotencyKey: under which all outcomes are kept, refused ones too.
    public func create(
        batch drafts: [RefundDraft],
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> RefundBatch {
        let refunds = JSON.array(drafts.map { .members($0.body) })
        return try await wire.read(.post("refunds", "batch", body: ["refunds": refunds], key: idempotencyKey))
    }

    /// What a refund would do now. Holds and changes nothing.
    ///
    /// - Parameter amount: in minor units; `nil` for all that is left.
    public func quote(payment: String, amount: Int64? = nil) async throws(StornoError) -> RefundQuote {
        let body: [String: JSON?] = ["payment": .string(payment), "amount": amount.map { .integer($0) }]
        return try await wire.read(.post("refund_quotes", body: body, key: nil))
    }

    /// Withdraws a refund that nothing was sent for yet.
    public func cancel(_ id: String, idempotencyKey: String? = nil) async throws(StornoError) -> Refund {
        try await wire.read(.post("refunds", id, "cancel", key: idempotencyKey))
    }

    /// Lets a refund that waits for approval go out; not by the key that asked for it.
    public func approve(
        _ id: String,
        note: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Refund {
        let body: [String: JSON?] = ["note": note.map { .string($0) }]
        return try await wire.read(.post("refunds", id, "approve", body: body, key: idempotencyKey))
    }

    /// Calls a refund off that waits for approval.
    ///
    /// - Parameter note: why.
    public func reject(_ id: String, note: String, idempotencyKey: String? = nil) async throws(StornoError) -> Refund {
        try await wire.read(.post("refunds", id, "reject", body: ["note": .string(note)], key: idempotencyKey))
    }

    /// Asks for another refund in place of one that did not happen; once.
    public func retry(_ id: String, idempotencyKey: String? = nil) async throws(StornoError) -> Refund {
        try await wire.read(.post("refunds", id, "retry", key: idempotencyKey))
    }

    /// What was sent for it, oldest first.
    public func attempts(_ id: String) async throws(StornoError) -> [RefundAttempt] {
        try await wire.read(WholeList<RefundAttempt>.self, .get("refunds", id, "attempts")).data
    }

    /// What was heard about it, oldest first.
    public func evidence(_ id: String) async throws(StornoError) -> [RefundEvidence] {
        try await wire.read(WholeList<RefundEvidence>.self, .get("refunds", id, "evidence")).data
    }
}
