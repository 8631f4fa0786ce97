import DialectKit
import Domain
import Storage

/// How __Name__ writes ids.
enum ObjectID {
    static let payment = IdentifierText(prefix: "pay_", alphabet: IdentifierText.base36, length: 25)
    static let refund = IdentifierText(prefix: "ref_", alphabet: IdentifierText.base36, length: 25)

    /// `nil` for a kind that this API does not have.
    static func alphabet(of kind: ObjectKind) -> IdentifierText? {
        switch kind {
        case .payment: payment
        case .refund: refund
        case .dispute, .customer, .card, .pot, .webhookEndpoint, .delivery: nil
        }
    }
}

extension __Name__Dialect {
    package func id(_ kind: ObjectKind, _ text: String) -> UInt128? { ObjectID.alphabet(of: kind)?.id(text) }
}

extension RequestContext {
    /// An object as the client named it: by this API's id, or by one that came with it from elsewhere.
    func named(_ kind: ObjectKind, _ text: String) -> ObjectName {
        // A database may take a NUL for the end of a text, and find the object that the rest names.
        name(kind, text.utf8.contains(0) ? "" : text, id: ObjectID.alphabet(of: kind)?.id(text))
    }
}

extension Names {
    /// The text that came with the object from elsewhere, otherwise its id in this API's alphabet.
    func text(_ id: UInt128, _ alphabet: IdentifierText) -> String {
        text(for: id, in: "__name__") ?? alphabet.text(id)
    }
}
