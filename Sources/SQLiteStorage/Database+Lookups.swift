import Domain
import Foundation
import GRDB
import Rows
import Storage

/// The statements of small reads, put together once. Where one names its index, SQLite would take the key of the table
/// instead, and read the whole book: it guesses that a book has ten rows.
private enum LookupText {
    static let aliases = "SELECT \(AliasRow.columnList()) FROM alias WHERE book = ? AND object = ?"
    static let attempt =
        "SELECT \(Attempt.columnList()) FROM attempt WHERE book = ? AND refund = ? ORDER BY number DESC LIMIT 1"
    static let evidence = "SELECT \(Evidence.columnList()) FROM evidence WHERE book = ? AND refund = ? ORDER BY id"
    static let refunds = """
        SELECT \(Refund.columnList()) FROM refund INDEXED BY refund_by_payment \
        WHERE book = ? AND payment = ? ORDER BY id
        """
    static let ownRefunds = """
        SELECT \(Refund.columnList()) FROM refund INDEXED BY refund_by_payment \
        WHERE book = ? AND payment = ? AND kind <> 'external' ORDER BY id
        """
    static let externalRefund = """
        SELECT \(Refund.columnList()) FROM refund
        WHERE book = ? AND payment = ? AND processor_reference = ? AND kind = 'external'
        """
    static let disputes = """
        SELECT \(Dispute.columnList()) FROM dispute INDEXED BY dispute_by_payment \
        WHERE book = ? AND payment = ? ORDER BY id
        """
    static let notes = "SELECT \(NoteRow.columnList()) FROM note WHERE book = ? AND object = ?"
}

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
        try AliasRow.all(self, LookupText.aliases, [.book(book), .id(object)]).map(\.alias)
    }

    func evidence(of refund: Refund.ID, in book: Book) throws -> [Evidence] {
        try Evidence.all(self, LookupText.evidence, [.book(book), .id(refund)])
    }

    func newestAttempt(of refund: Refund.ID, in book: Book) throws -> Attempt? {
        try Attempt.one(self, LookupText.attempt, [.book(book), .id(refund)])
    }

    func refunds(of payment: Payment.ID, in book: Book) throws -> [Refund] {
        try Refund.all(self, LookupText.refunds, [.book(book), .id(payment)])
    }

    func ownRefunds(of payment: Payment.ID, in book: Book) throws -> [Refund] {
        try Refund.all(self, LookupText.ownRefunds, [.book(book), .id(payment)])
    }

    func externalRefund(of payment: Payment.ID, reference: String, in book: Book) throws -> Refund? {
        try Refund.one(self, LookupText.externalRefund, [.book(book), .id(payment), .text(reference)])
    }

    func disputes(of payment: Payment.ID, in book: Book) throws -> [Dispute] {
        try Dispute.all(self, LookupText.disputes, [.book(book), .id(payment)])
    }

    func notes(of object: UInt128, in book: Book, _ sealer: Sealer) throws -> [Note] {
        try NoteRow.all(self, LookupText.notes, [.book(book), .id(object)]).map { try $0.note(sealer) }
    }

    func idempotency(_ key: IdempotencyKey, _ sealer: Sealer) throws -> IdempotencyRecord? {
        guard let row = try IdempotencyRow.find(self, .shared, [.book(key.book), .text(key.text)]) else { return nil }
        guard let answer = try AnswerRow.find(self, .shared, row.answerKey) else {
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
        try statement.all(of: "an index", arguments) { try $0.raw() }
    }

    func references(
        _ sql: String,
        _ arguments: [StoredValue]
    ) throws -> [(book: Book, id: UInt128)] {
        try cachedStatement(sql: sql).all(of: "an index", arguments) { try ($0.book(), $0.raw()) }
    }

    func allAccounts() throws -> [Account] {
        var settings: [Int64: [String: String]] = [:]
        let named = try cachedStatement(sql: "SELECT account, name, value FROM account_setting")
            .all(of: "account_setting") { try ($0.integer(), $0.text(), $0.text()) }
        for (account, name, value) in named { settings[account, default: [:]][name] = value }
        return try cachedStatement(sql: "SELECT number, name, created_at FROM account ORDER BY number")
            .all(of: "account") { columns in
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
