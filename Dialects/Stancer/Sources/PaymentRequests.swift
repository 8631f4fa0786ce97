import DialectKit
import Domain
import Engine
import Storage

extension Requests {
    static func newPayment(_ context: RequestContext) throws(Refusal) -> CreatePayment {
        let fields = try context.fields()
        let wishes = try PaymentWishes(fields, context)
        let capturesAtOnce = wishes.edit.capture ?? true
        var command = CreatePayment(
            origin: context.origin,
            amount: try amount(fields, capturesAtOnce: capturesAtOnce),
            currency: try requiredCurrency(fields)
        )
        command.method = wishes.card == nil ? nil : .card
        command.card = wishes.card
        command.customer = wishes.customer
        command.capturesAtOnce = capturesAtOnce
        command.awaitsPayer = wishes.edit.authentication != nil
        command.orderReference = wishes.orderReference
        command.uniqueReference = wishes.uniqueReference
        command.notes = wishes.notes
        command.facet = PaymentFacet().applying(wishes.edit).text
        return command
    }

    static func paymentChange(_ context: RequestContext) throws(Refusal) -> PaymentChange {
        let fields = try context.fields()
        let wishes = try PaymentWishes(fields, context)
        var command = UpdatePayment(origin: context.origin, payment: context.object(.payment))
        command.card = wishes.card
        command.customer = wishes.customer
        command.orderReference = wishes.orderReference
        command.uniqueReference = wishes.uniqueReference
        command.notes = wishes.notes
        command.step = try step(fields)
        var edit = wishes.edit
        edit.passesAuthentication = command.step != nil
        if edit != PaymentFacet.Edit() { command.editFacet = { [edit] in PaymentFacet($0).applying(edit).text } }
        return PaymentChange(
            command: command,
            amount: try fields.has("amount") ? amount(fields, capturesAtOnce: false) : nil,
            currency: try currency(fields)
        )
    }

    /// At least 50; nothing at all only where nothing is captured at once.
    private static func amount(_ fields: Fields, capturesAtOnce: Bool) throws(Refusal) -> Int64 {
        if !capturesAtOnce, fields["amount"] == .number("0") { return 0 }
        let amount = try fields.requiredAmount("amount").minorUnits
        guard amount >= 50 else { throw fields.invalid("amount", "must be at least 50") }
        return amount
    }

    private static func requiredCurrency(_ fields: Fields) throws(Refusal) -> Currency {
        guard let currency = try currency(fields) else { throw fields.invalid("currency", "is required") }
        return currency
    }

    private static func currency(_ fields: Fields) throws(Refusal) -> Currency? {
        guard let currency = try fields.currency("currency") else { return nil }
        guard currencies.contains(currency.lowercased) else {
            throw fields.invalid("currency", "must be one of \(currencies.joined(separator: ", "))")
        }
        return currency
    }

    private static let currencies = [
        "aud", "cad", "chf", "dkk", "eur", "gbp", "jpy", "nok", "pln", "sek", "usd",
    ]

    private static func step(_ fields: Fields) throws(Refusal) -> UpdatePayment.Step? {
        switch try fields.text("status") {
        case nil: nil
        case "authorize": .authorize
        case "capture": .capture(CaptureWish())
        case _?: throw fields.invalid("status", "must be authorize or capture")
        }
    }
}

/// What a request says about a payment, new or not, besides its amount.
struct PaymentWishes {
    let card: CardWish?
    let customer: CustomerWish?
    let orderReference: String?
    let uniqueReference: String?
    let notes: [String: String]
    let edit: PaymentFacet.Edit

    init(_ fields: Fields, _ context: RequestContext) throws(Refusal) {
        guard fields["sepa"] == nil else { throw fields.invalid("sepa", "is not offered here: pay by card") }
        card = try Requests.reference("card", fields) {
            .existing(context.object(.card, $0))
        } new: { fields throws(Refusal) in
            .equal(try Requests.cardDraft(fields, context))
        }
        customer = try Requests.reference("customer", fields) {
            .existing(context.object(.customer, $0))
        } new: { fields throws(Refusal) in
            .equal(try Requests.customerDraft(fields, context))
        }
        orderReference = try fields.text("order_id", 1...36)
        uniqueReference = try fields.text("unique_id", 1...36)
        var notes: [String: String] = [:]
        notes["description"] = try fields.text("description", 3...64)
        notes["device"] = try Device(in: fields)?.text
        self.notes = notes
        edit = try PaymentFacet.Edit(fields)
    }
}

/// A change of a payment, with the terms that its client believes in. They are not open to change.
struct PaymentChange {
    let command: UpdatePayment
    let amount: Int64?
    let currency: Currency?

    func checkTerms(_ context: RequestContext) async throws(Refusal) {
        guard amount != nil || currency != nil else { return }
        let payment = try await context.payment(command.payment).payment
        if let amount, amount != payment.authorized {
            throw .invalid(field: "amount", reason: "cannot be changed once the payment is created")
        }
        if let currency, currency != payment.currency {
            throw .invalid(field: "currency", reason: "cannot be changed once the payment is created")
        }
    }
}
