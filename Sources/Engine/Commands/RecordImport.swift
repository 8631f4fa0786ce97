import Domain
import Storage

/// Leaves in the audit trail which file history came from, and how much of it.
package struct RecordImport: Command {
    package let book: Book
    /// SHA-256 of the file, as 64 hexadecimal digits.
    package let digest: String
    package let imported: Int64
    package let author: Author

    package init(book: Book, digest: String, imported: Int64, by author: Author) {
        self.book = book
        self.digest = digest
        self.imported = imported
        self.author = author
    }

    package var footprint: Footprint { Footprint() }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        let act = author.act("history.imported", in: book, "file", digest, [("rows", .integer(imported))], context)
        return Decision([act], ())
    }
}
