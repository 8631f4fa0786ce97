import DialectKit
import Domain
import Engine
import Storage

// What a request's body asks for, as commands. The body is read before the object that the path names, since a
// body that is wrong is answered before an object that is unknown.

extension CreatePayment {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let amount = try fields.requiredAmount("amount")
        guard let currency = try fields.currency("currency") else { throw fields.invalid("currency", "is required") }
        let provider = try fields.requiredWord("provider", Provider.self)
        try fields.checkCard(for: provider)
        self.init(origin: context.origin, amount: amount.minorUnits, currency: currency)
        method = provider.method
        settlesAtOnce = provider == .card
        customer = try fields.customer(context)
        notes = try fields.notes(["description", "receipt_email", "statement_descriptor"])
        var labels = ChargeLabels()
        labels.provider = provider
        facet = labels.text
    }
}

extension LabelPayment {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let amount = try fields.amount("amount")?.minorUnits
        let status = try fields.word("status", ChargeWord.self)
        guard amount != nil || status != nil else {
            throw .invalid(field: "", reason: "must have an amount or a status, the members that can be updated")
        }
        self.init(origin: context.origin, payment: try context.namedCharge, amount: amount) { known in
            var labels = ChargeLabels(known)
            labels.amount = amount ?? labels.amount
            labels.status = status ?? labels.status
            return labels.text
        }
    }
}

extension CreateRefund {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let charge = try fields.chargeText()
        let amount = try fields.amount("amount")
        let currency = try fields.currency("currency")
        self.init(
            origin: context.origin,
            payment: try context.charge(charge),
            amount: amount,
            currency: currency,
            policy: context.policy
        )
    }
}

extension RequestContext {
    /// The one thing that can be said about a refund's state; never an amount.
    func wantedRefundStatus() throws(Refusal) -> RefundWord {
        let fields = try fields()
        guard !fields.has("amount") else {
            throw fields.invalid("amount", "of a refund cannot be changed; make another refund instead")
        }
        return try fields.requiredWord("status", RefundWord.self)
    }

    /// Whose refunds a list is to show; `nil` for everybody's.
    var chargeFilter: ObjectName? {
        get throws(Refusal) {
            guard let text = try request.query.text("charge") else { return nil }
            guard !text.isEmpty else { throw .invalid(field: "charge", reason: "must be the id of a charge") }
            return try charge(text)
        }
    }
}

// MARK: - Members

extension Fields {
    fileprivate func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Word.Type
    ) throws(Refusal) -> Word? where Word.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw invalid(name, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    fileprivate func requiredWord<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Word.Type
    ) throws(Refusal) -> Word where Word.RawValue == String {
        guard let word = try word(name, type) else { throw invalid(name, "is required") }
        return word
    }

    /// A card is paid with by its token, which is looked at here and kept nowhere.
    fileprivate func checkCard(for provider: Provider) throws(Refusal) {
        let card = try object("card")
        let token = try card?.text("token", 1...500, isKept: false)
        guard provider != .card || token != nil else {
            throw .invalid(field: "card.token", reason: "is required when provider is card")
        }
    }

    /// Somebody known by their id, or whoever the object describes.
    fileprivate func customer(_ context: RequestContext) throws(Refusal) -> CustomerWish? {
        switch self["customer"] {
        case nil: return nil
        case .string: return .existing(try context.customer(try requiredText("customer")))
        case .object:
            let members = try object("customer")
            let person = PersonDetails(
                name: try members?.text("name", 1...500),
                email: try members?.text("email", 1...500)
            )
            guard person != PersonDetails() else { throw invalid("customer", "must have a name or an email") }
            return .equal(
                CustomerDraft(person: person, externalReference: nil, secrets: context.engine.secrets)
            )
        case .some(let other):
            throw invalid("customer", "must be a customer's id or an object with name and email, not \(other.kind)")
        }
    }

    fileprivate func notes(_ names: [String]) throws(Refusal) -> [String: String] {
        var notes: [String: String] = [:]
        for name in names { notes[name] = try text(name) }
        return notes
    }

    /// `charge`, or its other name `charge_id`.
    fileprivate func chargeText() throws(Refusal) -> String {
        let alias = try text("charge_id", 1...500)
        guard let charge = try text("charge", 1...500) ?? alias else { throw invalid("charge", "is required") }
        guard alias == nil || alias == charge else {
            throw invalid("charge_id", "must name the same charge as charge, or be left out")
        }
        return charge
    }
}
