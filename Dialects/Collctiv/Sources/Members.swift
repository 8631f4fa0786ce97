import DialectKit
import Domain

/// How long texts may be, in characters.
enum Lengths {
    static let name = 200
    /// The longest address that can be delivered to, by RFC 5321.
    static let email = 254
    static let comment = 1000
    /// No id is as long, but an id that is too long is an unknown one and no wrong parameter.
    static let id = DialectService.longestBody
}

// The members of request bodies that this API has rules of its own for.

extension Fields {
    func id(_ name: String) throws(Refusal) -> String { try words(name, Lengths.id) }

    /// A required text that says something.
    func words(_ name: String, _ length: Int) throws(Refusal) -> String {
        let text = try requiredText(name, 1...length)
        guard !text.allSatisfy(\.isWhitespace) else { throw invalid(name, "must not be blank") }
        return text
    }

    /// Something on both sides of one `@`, without blanks: whether it can be delivered to, only sending would tell.
    func emailAddress(_ name: String) throws(Refusal) -> String {
        let text = try words(name, Lengths.email)
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace) else {
            throw invalid(name, "must be an e-mail address such as jo@example.com")
        }
        return text
    }

    /// The vendor's list of codes is open.
    func reasonCode() throws(Refusal) -> String {
        guard let code = try identifier("code") else { throw invalid("code", "is required") }
        return code
    }

    /// Pots are in pounds or dollars.
    func potCurrency() throws(Refusal) -> Currency {
        guard let currency = try currency("currency") else { throw invalid("currency", "is required") }
        guard ["GBP", "USD"].contains(currency.code) else { throw invalid("currency", "must be GBP or USD") }
        return currency
    }
}
