import DialectKit
import Domain
import Storage

/// How people name refunds: by the 32 hexadecimal digits that the command line prints, or by the id that any of the
/// APIs shows.
package enum RefundName {
    /// The one form in which a refund's id is printed.
    package static func text(_ id: Refund.ID) -> String {
        let digits = String(id.raw, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Finds the refund in whichever account it is.
    ///
    /// - Throws: ``AdminRefusal`` when there is none, or more than one: an id that came from elsewhere is known
    ///   within its account alone.
    package static func find(_ text: String, in store: any Reader) async throws -> (id: Refund.ID, book: Book) {
        var found: [(id: Refund.ID, book: Book)] = []
        for account in try await store.accounts() {
            for book in [account.book(.test), account.book(.live)] {
                for name in names(text, in: book) {
                    guard let id = try await store.identify(name), !found.contains(where: { $0.id.raw == id }) else {
                        continue
                    }
                    found.append((Refund.ID(id), book))
                }
            }
        }
        guard let only = found.first else {
            throw AdminRefusal("There is no refund \(text). `storno refunds list` shows those that wait for a person.")
        }
        guard found.count == 1 else {
            let ids = found.map { RefundName.text($0.id) }.joined(separator: ", ")
            throw AdminRefusal("\(text) is the name of several refunds. Say which one you mean: \(ids).")
        }
        return only
    }

    private static func names(_ text: String, in book: Book) -> [ObjectName] {
        if let id = digits(text) { return [ObjectName(.refund, id, in: book)] }
        return Catalog.dialects.flatMap { dialect in
            Set([text, text.lowercased()])
                .map { spelling in
                    ObjectName(
                        .refund,
                        id: dialect.id(.refund, spelling),
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
}
