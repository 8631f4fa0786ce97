import DialectKit
import Domain
import Storage

/// How this API writes ids: what it is, and 25 letters and digits.
enum ObjectID {
    static let payment = text("pay_")
    static let refund = text("ref_")
    static let dispute = text("dis_")
    static let customer = text("cus_")
    static let card = text("card_")
    static let pot = text("pot_")
    static let webhookEndpoint = text("we_")
    static let delivery = text("del_")

    private static func text(_ prefix: String) -> IdentifierText {
        IdentifierText(prefix: prefix, alphabet: IdentifierText.base36, length: 25)
    }

    static func of(_ kind: ObjectKind) -> IdentifierText {
        switch kind {
        case .payment: payment
        case .refund: refund
        case .dispute: dispute
        case .customer: customer
        case .card: card
        case .pot: pot
        case .webhookEndpoint: webhookEndpoint
        case .delivery: delivery
        }
    }
}

extension ObjectReference {
    var text: String { ObjectID.of(kind).text(id) }
}

extension StornoDialect {
    /// An object's id as this API writes it.
    package static func text(_ object: ObjectReference) -> String { object.text }

    package func id(_ kind: ObjectKind, _ text: String) -> UInt128? { ObjectID.of(kind).id(text) }
}

extension RequestContext {
    /// An object as the client named it: by this API's id, or by one that came with it from elsewhere.
    func named(_ kind: ObjectKind, _ text: String) -> ObjectName {
        // A database may take a NUL for the end of a text, and find the object that the rest names.
        name(kind, text.utf8.contains(0) ? "" : text, id: ObjectID.of(kind).id(text))
    }
}
