import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What a request's body asks for, as commands. A member that nobody reads is refused: `amuont` must not refund
// everything that is left.

/// How long texts may be, in characters.
enum Lengths {
    static let reference = 255
    static let name = 200
    /// The longest address that can be delivered to, by RFC 5321.
    static let email = 254
    static let text = 1000
}

extension CreatePayment {
    /// By card, captured at once unless `capture` is false; or as it was taken elsewhere.
    ///
    /// - Parameter now: what time it is in the book.
    init(_ context: RequestContext, at now: Moment) throws(Refusal) {
        let fields = try context.members(
            PaymentTaken.members.union([
                "amount", "currency", "capture", "customer", "pot", "reference", "order_reference", "description",
                "metadata",
            ])
        )
        let amount = try fields.requiredAmount("amount")
        let currency = try fields.currency("currency")
        let pot = try fields.text("pot", 1...Lengths.reference)
        if currency == nil, pot == nil { throw fields.invalid("currency", "is required") }
        self.init(origin: context.origin, amount: amount.minorUnits, currency: currency)
        taken = try PaymentTaken(fields, context, now)
        if let taken, taken.fee > amount.minorUnits { throw fields.invalid("fee", "must not be more than the amount") }
        method = taken == nil ? .card : nil
        capturesAtOnce = try fields.flag("capture") ?? true
        settlesAtOnce = true
        self.pot = pot.map { context.named(.pot, $0) }
        customer = try fields.text("customer", 1...Lengths.reference).map { .existing(context.named(.customer, $0)) }
        uniqueReference = try fields.text("reference", 1...Lengths.reference)
        orderReference = try fields.text("order_reference", 1...Lengths.reference)
        notes = try fields.text("description", 1...Lengths.text).map { ["description": $0] } ?? [:]
        metadata = try fields.metadata()
    }
}

extension PaymentTaken {
    static let members: Set<String> = ["processor", "processor_account", "processor_reference", "captured_at", "fee"]

    /// `nil` for a payment that is to be taken here.
    ///
    /// - Parameter now: what time it is in the book.
    init?(_ fields: Fields, _ context: RequestContext, _ now: Moment) throws(Refusal) {
        guard Self.members.contains(where: fields.has) else { return nil }
        guard !fields.has("capture") else {
            throw fields.invalid("capture", "does not go with processor_reference: that payment is captured")
        }
        let processor = try fields.requiredText("processor", 1...Lengths.name)
        // Without any, the refusal is the engine's.
        if let known = context.engine.connectors.name(for: context.mode), known != processor {
            throw fields.invalid("processor", "must be one that refunds can be sent to: \(known)")
        }
        let capturedAt = try fields.instant("captured_at") ?? now
        guard capturedAt <= now else { throw fields.invalid("captured_at", "must not lie in the future") }
        self.init(
            connector: processor,
            account: try fields.text("processor_account", 1...Lengths.reference) ?? "default",
            reference: try fields.requiredText("processor_reference", 1...Lengths.reference),
            capturedAt: capturedAt,
            fee: try fields.integer("fee", 0...Amount.largest) ?? 0
        )
    }
}

extension CaptureWish {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.members(["amount", "final"])
        self.init(amount: try fields.amount("amount")?.minorUnits, isFinal: try fields.flag("final") ?? false)
    }
}

extension CreateRefund {
    private static let members: Set<String> = [
        "payment", "amount", "currency", "reason", "comment", "metadata", "expected_refundable",
    ]

    /// Of a payment, or what a quote says; on the condition that the payment is as the caller believes.
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.members(Self.members.union(["quote"]), takesIfMatch: true)
        let quote = try QuoteToken(fields, context)
        try self.init(context, fields, quote, state: try context.expectedState(besides: quote))
    }

    /// One of a batch. A quote is no part of it: with its refusal it would have to be given anew.
    init(_ context: RequestContext, item: Fields) throws(Refusal) {
        try item.takeOnly(Self.members)
        try self.init(context, item, nil, state: nil)
    }

    /// - Parameter state: what the payment has to be in, by `If-Match`.
    private init(
        _ context: RequestContext,
        _ fields: Fields,
        _ quote: QuoteToken?,
        state: EntityTag?
    ) throws(Refusal) {
        let amount = try fields.amount("amount")
        if quote != nil, fields.has("payment") || amount != nil {
            throw fields.invalid("quote", "says what to refund of which payment: leave payment and amount out")
        }
        let payment =
            if let quote {
                ObjectName(.payment, quote.payment.raw, in: context.book)
            } else {
                context.named(.payment, try fields.requiredText("payment", 1...Lengths.reference))
            }
        self.init(
            origin: context.origin,
            payment: payment,
            amount: quote.flatMap { Amount(minorUnits: $0.amount) } ?? amount,
            currency: try fields.currency("currency"),
            reasonCode: try fields.identifier("reason"),
            comment: try fields.text("comment", 1...Lengths.text),
            metadata: try fields.metadata(),
            mayVoid: true,
            policy: context.policy
        )
        // As with an amount, a program that has lost the number must not lose the check with it.
        guard !fields.isNull("expected_refundable") else {
            throw fields.invalid("expected_refundable", "must be a number of minor units, or be left out")
        }
        belief = Belief(
            payment: state.map { Payment.ID($0.id) },
            version: state?.version ?? quote?.version,
            refundable: try fields.integer("expected_refundable", 0...Amount.largest)
        )
    }
}

extension RequestContext {
    /// The payment's state that `If-Match` asks for.
    fileprivate func expectedState(besides quote: QuoteToken?) throws(Refusal) -> EntityTag? {
        let values = request.fields[values: .ifMatch]
        guard !values.isEmpty else { return nil }
        guard quote == nil, values.count == 1, let tag = EntityTag(values[0]) else {
            throw .invalid(field: "If-Match", reason: "must be the payment's ETag, given once and without a quote")
        }
        return tag
    }
}

extension DecideApproval {
    init(_ context: RequestContext, isApproved: Bool) throws(Refusal) {
        let fields = try context.members(["note"])
        let note = try fields.text("note", 1...Lengths.text)
        if !isApproved, note?.allSatisfy(\.isWhitespace) ?? true { throw fields.invalid("note", "must say why") }
        self.init(
            origin: context.origin,
            refund: context.named(.refund, context.parameter("id")),
            isApproved: isApproved,
            note: note,
            policy: context.policy
        )
    }
}

extension CreatePot {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.members(["name", "currency", "owner", "metadata"])
        guard let currency = try fields.currency("currency") else { throw fields.invalid("currency", "is required") }
        self.init(
            origin: context.origin,
            name: try fields.requiredText("name", 1...Lengths.name),
            currency: currency,
            owner: try fields.text("owner", 1...Lengths.reference).map { context.named(.customer, $0) },
            metadata: try fields.metadata(),
            facet: nil
        )
    }
}

extension CreateCustomer {
    /// Equal customers may exist beside each other.
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.members(["name", "email", "external_reference", "metadata"])
        let person = try fields.person()
        let reference = try fields.text("external_reference", 1...Lengths.reference)
        guard person != PersonDetails() || reference != nil else {
            throw .invalid(field: "", reason: "must have a name, an email or an external_reference")
        }
        self.init(
            origin: context.origin,
            draft: CustomerDraft(
                person: person,
                externalReference: reference,
                metadata: try fields.metadata(),
                secrets: context.engine.secrets
            ),
            refusesEqual: false
        )
    }
}

extension UpdateCustomer {
    static let members: Set<String> = ["name", "email", "external_reference"]

    /// A member that says `null` is forgotten; one of them has to stay.
    ///
    /// - Parameter known: the customer as it was read just before.
    init(_ context: RequestContext, _ fields: Fields, _ name: ObjectName, _ known: CustomerDetails) throws(Refusal) {
        let forgotten = Set(Forgettable.allCases.filter { fields.isNull($0.rawValue) })
        let stays: [(Forgettable, Bool)] = [
            (.name, known.person?.fullName != nil), (.email, known.person?.email != nil),
            (.externalReference, known.customer.externalReference != nil),
        ]
        guard stays.contains(where: { fields[$0.0.rawValue] != nil || $0.1 && !forgotten.contains($0.0) }) else {
            throw .invalid(field: "", reason: "must leave a name, an email or an external_reference")
        }
        self.init(
            origin: context.origin,
            customer: name,
            known: known,
            person: try fields.person(),
            externalReference: try fields.text("external_reference", 1...Lengths.reference),
            forgotten: forgotten,
            secrets: context.engine.secrets
        )
    }
}

// MARK: - Members

extension RequestContext {
    /// What a request says that changes something, and nothing besides: no other member of the body, which may be left out,
    /// nothing in the query, and no condition that would not be looked at.
    func members(_ names: Set<String>, takesIfMatch: Bool = false) throws(Refusal) -> Fields {
        try request.query.takeOnly([])
        if !takesIfMatch, !request.fields[values: .ifMatch].isEmpty {
            throw .invalid(field: "If-Match", reason: "is not taken here")
        }
        let fields = body.isEmpty ? try Fields(.object([])) : try fields()
        try fields.takeOnly(names)
        return fields
    }
}

extension Fields {
    func instant(_ name: String) throws(Refusal) -> Moment? {
        guard let text = try text(name, 1...40) else { return nil }
        guard let moment = Instant.moment(text) else {
            throw invalid(name, "must be a time as in RFC 3339, such as 2026-11-01T09:30:00Z")
        }
        return moment
    }

    fileprivate func person() throws(Refusal) -> PersonDetails {
        PersonDetails(name: try text("name", 1...Lengths.name), email: try text("email", 3...Lengths.email))
    }
}
