import Domain

/// One link of a book's chain.
package struct AuditEntry: Sendable, Equatable {
    package let book: Book
    /// 1, 2, … without gaps.
    package let number: Int64
    package let source: AuditSource
    package let hash: Digest256

    package init(book: Book, number: Int64, source: AuditSource, hash: Digest256) {
        self.book = book
        self.number = number
        self.source = source
        self.hash = hash
    }
}

/// The newest link of a book's chain.
package struct AuditHead: Sendable, Equatable {
    package let book: Book
    package let number: Int64
    package let hash: Digest256

    package init(book: Book, number: Int64, hash: Digest256) {
        self.book = book
        self.number = number
        self.hash = hash
    }

    /// Before the first entry.
    package static func beginning(of book: Book) -> AuditHead {
        AuditHead(book: book, number: 0, hash: Digest256(Array(repeating: 0, count: 32)))
    }

    /// The links that come next, one for each record.
    package func links(_ records: [AuditRecord]) -> [AuditEntry] {
        var (number, hash) = (number, hash)
        return records.map { record in
            number += 1
            hash = record.hash(number, after: hash)
            return AuditEntry(book: book, number: number, source: record.source, hash: hash)
        }
    }
}

/// An entry with what it says.
package struct AuditedRecord: Sendable, Equatable {
    package let entry: AuditEntry
    package let record: AuditRecord

    package init(entry: AuditEntry, record: AuditRecord) {
        self.entry = entry
        self.record = record
    }
}

/// What is to be chained next in a book.
package struct AuditBacklog: Sendable, Equatable {
    /// Where the chain ends.
    package let head: AuditHead
    /// Settled rows in their order: before none of them anything can still appear.
    package let records: [AuditRecord]
    /// Whether that is everything that can be seen.
    package let isWhole: Bool

    package init(head: AuditHead, records: [AuditRecord], isWhole: Bool) {
        self.head = head
        self.records = records
        self.isWhole = isWhole
    }
}
