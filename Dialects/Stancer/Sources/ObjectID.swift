import DialectKit
import Domain
import Storage

/// Ids as this API writes them: five letters and 24 of `0-9A-Za-z`, 29 characters in all.
enum ObjectID {
    static let payment = alphabet("paym_")
    static let refund = alphabet("refd_")
    static let customer = alphabet("cust_")
    static let card = alphabet("card_")
    static let dispute = alphabet("dspt_")

    /// What ids begin with, bank accounts included, which are not offered.
    static let prefixes = [payment, refund, customer, card, dispute].map(\.prefix) + ["sepa_"]

    private static func alphabet(_ prefix: String) -> IdentifierText {
        IdentifierText(prefix: prefix, alphabet: IdentifierText.base62, length: 24)
    }

    /// `nil` for a kind that this API does not have.
    static func alphabet(of kind: ObjectKind) -> IdentifierText? {
        switch kind {
        case .payment: payment
        case .refund: refund
        case .customer: customer
        case .card: card
        case .dispute: dispute
        case .pot, .webhookEndpoint, .delivery: nil
        }
    }
}

extension StancerDialect {
    package func id(_ kind: ObjectKind, _ text: String) -> UInt128? { ObjectID.alphabet(of: kind)?.id(text) }
}

extension RequestContext {
    /// An object as the client wrote it.
    func object(_ kind: ObjectKind, _ text: String) -> ObjectName {
        name(kind, text, id: ObjectID.alphabet(of: kind)?.id(text))
    }

    /// The object that the path names.
    func object(_ kind: ObjectKind) -> ObjectName { object(kind, parameter("id")) }
}

extension Names {
    /// The text that came with the object from elsewhere, otherwise its id in this API's alphabet.
    func text(_ id: UInt128, _ alphabet: IdentifierText) -> String {
        text(for: id, in: "stancer") ?? alphabet.text(id)
    }
}
