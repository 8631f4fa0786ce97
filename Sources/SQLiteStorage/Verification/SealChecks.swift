import Domain
import GRDB
import Storage

extension Check {
    /// Everything sealed opens with the key, at its place. A changed bit of a kept answer or of a person shows here.
    /// Without the key nothing is found.
    static let seals = Check("seals") { store, db, limit in
        guard !store.isSealed else { return [] }
        let sealer = store.sealer
        return try broken(PersonRow.self, db, limit) { _ = try $0.person(sealer) }
            + broken(NoteRow.self, db, limit) { _ = try $0.note(sealer) }
            + brokenAnswers(db, sealer, limit)
    }

    private static func broken<Sealed: StoredRow>(
        _ type: Sealed.Type,
        _ db: Database,
        _ limit: Int,
        _ open: (Sealed) throws -> Void
    ) throws -> [Finding] {
        let sql = "SELECT \(Sealed.columnList()), hex(\(Sealed.keyColumns[1])) FROM \(Sealed.table)"
        let rows = try Row.fetchCursor(db, sql: sql)
        var findings: [Finding] = []
        while findings.count < limit, let row = try rows.next() {
            do {
                var columns = Columns(row, of: Sealed.table)
                try open(try Sealed(from: &columns))
            } catch is DamagedRow {
                findings.append(Finding(row, "\(Sealed.table) "))
            }
        }
        return findings
    }

    private static func brokenAnswers(_ db: Database, _ sealer: Sealer, _ limit: Int) throws -> [Finding] {
        let rows = try Row.fetchCursor(db, sql: "SELECT book, key, body, key FROM answer")
        var findings: [Finding] = []
        while findings.count < limit, let row = try rows.next() {
            do {
                var columns = Columns(row, of: "answer")
                let key = try IdempotencyKey(book: columns.book(), text: columns.text())
                _ = try sealer.open(columns.data(), at: key.place)
            } catch is DamagedRow {
                findings.append(Finding(row, "answer "))
            }
        }
        return findings
    }
}

extension Finding {
    /// - Parameter row: begins with its book and ends with what tells it from others.
    fileprivate init(_ row: Row, _ kind: String) {
        let book = try? row.decode(Int64.self, atIndex: 0)
        let subject = try? row.decode(String.self, atIndex: row.count - 1)
        self.init(check: "seals", book: book ?? 0, subject: kind + (subject ?? "that does not decode"))
    }
}
