import DialectKit
import Domain
import Storage

/// Objects as people at the command line write them: 32 hexadecimal digits, or as any API spells them.
package enum ObjectText {
    package static func text(_ id: UInt128) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// - Throws: ``AdminRefusal``, naming the object, when there is none.
    package static func find(
        _ kind: ObjectKind,
        _ text: String,
        in book: Book,
        of reader: any Reader
    ) async throws -> UInt128 {
        for name in names(kind, text, in: book) {
            if let id = try await reader.identify(name) { return id }
        }
        throw AdminRefusal("There is no \(kind.rawValue) \(text) in this account and mode.")
    }

    /// Everything that a text may be the name of.
    static func names(_ kind: ObjectKind, _ text: String, in book: Book) -> [ObjectName] {
        if let id = digits(text) { return [ObjectName(kind, id, in: book)] }
        return Catalog.dialects.flatMap { dialect in
            Set([text, text.lowercased()]).sorted()
                .map { spelling in
                    ObjectName(
                        kind,
                        id: dialect.id(kind, spelling),
                        spelling: Spelling(dialect: dialect.name, text: spelling),
                        in: book
                    )
                }
        }
    }

    private static func digits(_ text: String) -> UInt128? {
        let isHex = text.utf8.count == 32 && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        return isHex ? UInt128(text, radix: 16) : nil
    }

    /// - Throws: ``AdminRefusal`` for an account or a mode that there is not.
    package static func book(_ account: String, _ mode: String, of reader: any Reader) async throws -> Book {
        guard let known = Mode(rawValue: mode) else {
            throw AdminRefusal("The mode is test or live, not \(mode).")
        }
        guard let found = try await reader.accounts().first(where: { $0.name == account }) else {
            throw AdminRefusal("There is no account \(account). `storno accounts create \(account)` makes it.")
        }
        return found.book(known)
    }
}
