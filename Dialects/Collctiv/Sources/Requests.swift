import DialectKit
import Domain
import Engine
import Storage

// What a request's body asks for, as commands.

extension CreateRefund {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let amount = try fields.requiredAmount("amount")
        let payment = try fields.id("payment")
        guard let reason = try fields.object("reason") else { throw fields.invalid("reason", "is required") }
        self.init(
            origin: context.origin,
            payment: context.named(.payment, payment),
            amount: amount,
            reasonCode: try reason.reasonCode(),
            comment: try reason.text("comment", 0...Lengths.comment),
            metadata: try fields.metadata(),
            policy: context.policy,
            seesUnbegun: false
        )
    }
}

extension CreatePayment {
    /// Of the pot's currency, by card, captured at once.
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let amount = try fields.requiredAmount("amount")
        let pot = try fields.id("pot")
        guard let billing = try fields.object("billing_details") else {
            throw fields.invalid("billing_details", "is required")
        }
        let payer = PersonDetails(
            name: try billing.words("name", Lengths.name),
            email: try billing.emailAddress("email")
        )
        self.init(origin: context.origin, amount: amount.minorUnits, currency: nil)
        self.payer = payer
        self.pot = context.named(.pot, pot)
        customer = try fields.customer(context) ?? .withEmail(context.draft(of: payer))
        method = .card
        settlesAtOnce = true
        metadata = try fields.metadata()
        if let note = try fields.text("note", 0...Lengths.comment), !note.isEmpty { notes["note"] = note }
    }
}

extension CreatePot {
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let terms = try PotTerms(fields)
        self.init(
            origin: context.origin,
            name: try fields.words("name", Lengths.name),
            currency: try fields.potCurrency(),
            owner: try context.named(.customer, fields.id("customer")),
            metadata: try fields.metadata(),
            facet: terms == PotTerms() ? nil : terms.text
        )
    }
}

extension CreateCustomer {
    /// Equal customers may exist beside each other.
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        let person = PersonDetails(
            firstName: try fields.words("first_name", Lengths.name),
            lastName: try fields.words("last_name", Lengths.name),
            email: try fields.emailAddress("email")
        )
        self.init(
            origin: context.origin,
            draft: context.draft(of: person, metadata: try fields.metadata()),
            refusesEqual: false
        )
    }
}

extension RequestContext {
    fileprivate func draft(of person: PersonDetails, metadata: Metadata = [:]) -> CustomerDraft {
        CustomerDraft(person: person, externalReference: nil, metadata: metadata, secrets: engine.secrets)
    }
}

extension Fields {
    fileprivate func customer(_ context: RequestContext) throws(Refusal) -> CustomerWish? {
        guard self["customer"] != nil else { return nil }
        return .existing(try context.named(.customer, id("customer")))
    }
}
