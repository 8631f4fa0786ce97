import Foundation

/// A payment that is to be taken, or that was taken elsewhere.
public struct PaymentDraft: Sendable {
    /// In minor units.
    public var amount: Int64
    /// ISO 4217. May be left out with a `pot`, whose currency it then has.
    public var currency: String?
    /// Whether it is captured at once; `false` to capture it in parts.
    public var captures: Bool?
    /// The customer's id.
    public var customer: String?
    /// The pot's id.
    public var pot: String?
    /// The merchant's own reference, unique among the payments.
    public var reference: String?
    /// The merchant's order.
    public var orderReference: String?
    /// Free text.
    public var description: String?
    /// What the merchant keeps with it.
    public var metadata: [String: String] = [:]
    /// Where it was taken, if it was taken elsewhere.
    public var imported: ImportedFrom?

    /// Of an amount in minor units.
    public init(amount: Int64, currency: String?) {
        self.amount = amount
        self.currency = currency
    }

    var body: [String: JSON?] {
        [
            "amount": .integer(amount), "currency": currency.map { .string($0) },
            "capture": captures.map { .bool($0) }, "customer": customer.map { .string($0) },
            "pot": pot.map { .string($0) }, "reference": reference.map { .string($0) },
            "order_reference": orderReference.map { .string($0) }, "description": description.map { .string($0) },
            "metadata": .texts(metadata), "processor": imported.map { .string($0.processor) },
            "processor_reference": imported.map { .string($0.reference) },
            "processor_account": imported?.account.map { .string($0) },
            "captured_at": imported?.capturedAt.map { .string(StornoCoding.text($0)) },
            "fee": imported?.fee.map { .integer($0) },
        ]
    }
}

/// How a payment that was taken elsewhere is found there.
public struct ImportedFrom: Sendable {
    /// Who took it, and who will give it back.
    public var processor: String
    /// How it is called there.
    public var reference: String
    /// The merchant's account there.
    public var account: String?
    /// When it was captured.
    public var capturedAt: Date?
    /// What the processor kept, in minor units.
    public var fee: Int64?

    /// By the processor's own reference.
    public init(processor: String, reference: String) {
        self.processor = processor
        self.reference = reference
    }
}

/// Which payments a list has; those that are named narrow each other.
public struct PaymentFilter: Sendable {
    /// Any of these.
    public var statuses: [PaymentStatus]
    /// At least so much, in minor units.
    public var amountFrom: Int64?
    /// At most so much, in minor units.
    public var amountTo: Int64?
    /// With this own reference.
    public var reference: String?
    /// Of this order.
    public var orderReference: String?
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
    public init(statuses: [PaymentStatus] = []) {
        self.statuses = statuses
    }

    var query: [(name: String, value: String?)] {
        statuses.map { ("status", $0.rawValue) }
            + [
                ("amount_from", amountFrom.map { String($0) }), ("amount_to", amountTo.map { String($0) }),
                ("reference", reference), ("order_reference", orderReference), ("customer", customer), ("pot", pot),
                ("created_from", createdFrom.map(StornoCoding.text)),
                ("created_before", createdBefore.map(StornoCoding.text)),
            ] + metadata.sorted { $0.key < $1.key }.map { ("metadata[\($0.key)]", $0.value) }
    }
}

/// What can be refunded.
public struct Payments: Sendable {
    let wire: Wire

    /// Newest first.
    public func list(_ filter: PaymentFilter = PaymentFilter()) -> PagedList<Payment> {
        PagedList(wire: wire, call: .get("payments", query: filter.query))
    }

    /// Found by words: references, ids, metadata. Newest first.
    public func search(_ words: String) -> PagedList<Payment> {
        PagedList(wire: wire, call: .get("payments", "search", query: [("query", words)]))
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Payment { try await wire.read(.get("payments", id)) }

    /// Takes a payment, or writes down one that was taken elsewhere.
    ///
    /// - Parameter idempotencyKey: the same for the same payment, also after a restart of the program.
    public func create(_ draft: PaymentDraft, idempotencyKey: String? = nil) async throws(StornoError) -> Payment {
        try await wire.read(.post("payments", body: draft.body, key: idempotencyKey))
    }

    /// Captures what was authorized, or a part.
    ///
    /// - Parameters:
    ///   - amount: in minor units; `nil` for all that is left.
    ///   - isFinal: whether what is left after it is let go.
    public func capture(
        _ id: String,
        amount: Int64? = nil,
        isFinal: Bool = false,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Payment {
        let body: [String: JSON?] = ["amount": amount.map { .integer($0) }, "final": isFinal ? true : nil]
        return try await wire.read(.post("payments", id, "capture", body: body, key: idempotencyKey))
    }

    /// Its captures.
    public func captures(_ id: String) async throws(StornoError) -> [Capture] {
        try await wire.read(WholeList<Capture>.self, .get("payments", id, "captures")).data
    }
}
