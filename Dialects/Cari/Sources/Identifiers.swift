import DialectKit
import Domain
import Engine
import Storage

/// How Cari writes ids: a prefix and 25 characters of `0-9a-z`.
enum CariID {
    static let charge = IdentifierText(prefix: "ch_", alphabet: IdentifierText.base36, length: 25)
    static let refund = IdentifierText(prefix: "re_", alphabet: IdentifierText.base36, length: 25)
    static let customer = IdentifierText(prefix: "cus_", alphabet: IdentifierText.base36, length: 25)
    static let card = IdentifierText(prefix: "card_", alphabet: IdentifierText.base36, length: 25)
}

extension CariDialect {
    package func id(_ kind: ObjectKind, _ text: String) -> UInt128? {
        switch kind {
        case .payment: CariID.charge.id(text)
        case .refund: CariID.refund.id(text)
        case .customer: CariID.customer.id(text)
        case .card: CariID.card.id(text)
        case .dispute, .pot, .webhookEndpoint, .delivery: nil
        }
    }
}

extension Names {
    /// An id as it came from elsewhere, otherwise in Cari's alphabet.
    func text(_ id: UInt128, _ alphabet: IdentifierText) -> String {
        text(for: id, in: "cari") ?? alphabet.text(id)
    }
}

extension RequestContext {
    /// The charge of the path.
    var namedCharge: ObjectName {
        get throws(Refusal) { try charge(parameter("id")) }
    }

    /// The refund of the path.
    var namedRefund: ObjectName {
        get throws(Refusal) { try named(.refund, parameter("id"), CariID.refund) }
    }

    func charge(_ text: String) throws(Refusal) -> ObjectName { try named(.payment, text, CariID.charge) }

    func customer(_ text: String) throws(Refusal) -> ObjectName { try named(.customer, text, CariID.customer) }

    private func named(
        _ kind: ObjectKind,
        _ text: String,
        _ alphabet: IdentifierText
    ) throws(Refusal) -> ObjectName {
        // A database may take a NUL for the end of a text, and find the object that the rest names.
        guard !text.utf8.contains(0) else { throw .engine(.notFound(kind, text: text)) }
        return name(kind, text, id: alphabet.id(text))
    }
}
