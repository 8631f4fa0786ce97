import Domain
import Foundation
import GRDB
import Rows
import Storage

/// Small reads that the write path and the queries share.
extension Database {
    func alias(_ spelling: Spelling, _ kind: ObjectKind, _ book: Book) throws -> UInt128? {
        // SQLite would take the text up to the NUL for the whole.
        guard !spelling.text.utf8.contains(0) else { return nil }
        return try AliasRow.find(
            self,
            .shared,
            [.book(book), .text(spelling.dialect), .word(kind), .text(spelling.text)]
        )?
        .alias
        .object.id
    }

    func aliases(of object: UInt128, in book: Book) throws -> [Alias] {
        let sql = "SELECT \(AliasRow.columnList()) FROM alias WHERE book = ? AND object = ?"
        return try AliasRow.all(self, sql, [.book(book), .id(object)]).map(\.alias)
    }

    func evidence(of refund: Refund.ID, in book: Book) throws -> [Evidence] {
        let sql = "SELECT \(Evidence.columnList()) FROM evidence WHERE book = ? AND refund = ? ORDER BY id"
        return try Evidence.all(self, sql, [.book(book), .id(refund)])
    }

    func refunds(of payment: Payment.ID, in book: Book) throws -> [Refund] {
        let sql = "SELECT \(Refund.columnList()) FROM refund WHERE book = ? AND payment = ? ORDER BY id"
        return try Refund.all(self, sql, [.book(book), .id(payment)])
    }

    func disputes(of payment: Payment.ID, in book: Book) throws -> [Dispute] {
        let sql = "SELECT \(Dispute.columnList()) FROM dispute WHERE book = ? AND payment = ? ORDER BY id"
        return try Dispute.all(self, sql, [.book(book), .id(payment)])
    }

    func notes(of object: UInt128, in book: Book, _ sealer: Sealer) throws -> [Note] {
        let sql = "SELECT \(NoteRow.columnList()) FROM note WHERE book = ? AND object = ?"
        return try NoteRow.all(self, sql, [.book(book), .id(object)]).map { try $0.note(sealer) }
    }

    func idempotency(_ key: IdempotencyKey, _ sealer: Sealer) throws -> IdempotencyRecord? {
        let values: [StoredValue] = [.book(key.book), .text(key.text)]
        guard let row = try IdempotencyRow.find(self, .shared, values) else { return nil }
        guard let answer = try AnswerRow.find(self, .shared, values) else {
            throw DamagedRow(table: AnswerRow.table, reason: "the answer of a key is not there")
        }
        return try row.record(answer.sealed, sealer)
    }

    func oneID(_ sql: String, _ arguments: [StoredValue]) throws -> UInt128? {
        let statement = try cachedStatement(sql: sql)
        return try ids(statement, arguments).first
    }

    /// What a statement finds in its only column.
    func ids(_ statement: Statement, _ arguments: [StoredValue]) throws -> [UInt128] {
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var found: [UInt128] = []
        while let row = try rows.next() {
            var columns = Columns(row, of: "an index")
            found.append(try columns.raw())
        }
        return found
    }

    func references(
        _ sql: String,
        _ arguments: [StoredValue]
    ) throws -> [(book: Book, id: UInt128)] {
        let statement = try cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var found: [(Book, UInt128)] = []
        while let row = try rows.next() {
            var columns = Columns(row, of: "an index")
            found.append(try (columns.book(), columns.raw()))
        }
        return found
    }

    func allAccounts() throws -> [Account] {
        var settings: [Int64: [String: String]] = [:]
        let rows = try Row.fetchCursor(self, sql: "SELECT account, name, value FROM account_setting")
        while let row = try rows.next() {
            var columns = Columns(row, of: "account_setting")
            let account = try columns.integer()
            let name = try columns.text()
            settings[account, default: [:]][name] = try columns.text()
        }
        return try Row.fetchAll(self, sql: "SELECT number, name, created_at FROM account ORDER BY number")
            .map { row in
                var columns = Columns(row, of: "account")
                let number = try columns.integer()
                return try Account(
                    number: number,
                    name: columns.text(),
                    createdAt: columns.moment(),
                    settings: AccountSettings(settings[number] ?? [:])
                )
            }
    }
}
