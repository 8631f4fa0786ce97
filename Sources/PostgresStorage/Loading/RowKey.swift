#if PostgreSQL
import Domain
import Rows

/// A row of a table by its book and id.
struct RowKey: Hashable, Comparable {
    let book: Book
    let id: UInt128

    init(_ book: Book, _ id: UInt128) {
        self.book = book
        self.id = id
    }

    static func < (left: RowKey, right: RowKey) -> Bool { (left.book, left.id) < (right.book, right.id) }

    var values: [StoredValue] { [.book(book), .id(id)] }
}

extension Set<RowKey> {
    /// In the order in which rows are locked.
    var inOrder: [[StoredValue]] { sorted().map(\.values) }
}
#endif
