import DialectKit
import Domain
import Storage

/// How people name refunds: by the 32 hexadecimal digits that the command line prints, or by the id that any of the
/// APIs shows.
package enum RefundName {
    /// Finds the refund in whichever account it is.
    ///
    /// - Throws: ``AdminRefusal`` when there is none, or more than one: an id that came from elsewhere is known
    ///   within its account alone.
    package static func find(_ text: String, in store: any Reader) async throws -> (id: Refund.ID, book: Book) {
        var found: [(id: Refund.ID, book: Book)] = []
        for account in try await store.accounts() {
            for book in [account.book(.test), account.book(.live)] {
                for name in ObjectText.names(.refund, text, in: book) {
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
            let ids = found.map { ObjectText.text($0.id.raw) }.joined(separator: ", ")
            throw AdminRefusal("\(text) is the name of several refunds. Say which one you mean: \(ids).")
        }
        return only
    }
}
