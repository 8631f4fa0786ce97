import DialectKit

/// What Cari says about a charge and no other API does: kept in the payment's facet as JSON.
///
/// Amount and status are the merchant's own marks, set by `PUT`. They move no money, and nothing is decided by
/// them.
struct ChargeLabels: Sendable {
    var amount: Int64?
    var status: ChargeWord?
    /// The request's `provider`.
    var provider: Provider?

    init() {}

    /// - Parameter text: as ``text`` wrote it; `nil` for a charge without labels.
    init(_ text: String?) {
        guard let text, let value = try? JSONReader.read(Array(text.utf8)) else { return }
        if case .number(let token)? = value["amount"] { amount = Int64(exactToken: token) }
        if case .string(let word)? = value["status"] { status = ChargeWord(rawValue: word) }
        if case .string(let word)? = value["provider_type"] { provider = Provider(rawValue: word) }
    }

    var text: String {
        let value = JSONValue.members(
            ("amount", amount.map { .integer($0) }),
            ("status", status.map { .string($0.rawValue) }),
            ("provider_type", provider.map { .string($0.rawValue) })
        )
        return String(decoding: JSONWriter.bytes(value), as: UTF8.self)
    }
}
