import Domain
import Foundation
import GRDB
import Rows
import SQLiteStorage
import Storage
import TestSupport

/// Somebody who may write to the file, past every rule of the schema. Each deed is undone again.
final class Vandal {
    struct Deed {
        let kind: String
        let words: String
        let findings: [AuditFinding]
    }

    static let kinds = ["flip", "delete", "swap", "insert", "renumber", "rehash", "cut"]

    private let queue: DatabaseQueue
    private let heads: [AuditHead]
    private var random: SeededRandom

    init(path: String, heads: [AuditHead], seed: UInt64) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.heads = heads
        random = SeededRandom(seed: seed)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            for table in ["event", "audit_act", "audit_entry"] {
                for rule in ["changed", "removed"] { try db.execute(sql: "DROP TRIGGER \(table)_is_not_\(rule)") }
            }
            for index in ["event_by_object", "audit_entry_of_event", "audit_entry_of_act"] {
                try db.execute(sql: "DROP INDEX \(index)")
            }
        }
    }

    func report() throws -> AuditReport { try after("", against: heads) }

    /// What a walk says after some statements, which are undone.
    func after(_ sql: String, against heads: [AuditHead], rehashing book: Book? = nil) throws -> AuditReport {
        try queue.writeWithoutTransaction { db in
            var report = AuditReport()
            try db.inTransaction {
                try db.execute(sql: sql)
                if let book { try db.rehash(book, from: 1) }
                report = try AuditWalk.report(RawWalk(db: db), SQLiteStore.auditQuery, against: heads)
                return .rollback
            }
            return report
        }
    }

    /// One deed of a random kind; `nil` where it would have changed nothing, or cannot be written at all.
    func strike() throws -> Deed? {
        let kind = pick(Self.kinds)
        return try queue.writeWithoutTransaction { db in
            var deed: Deed?
            try db.inTransaction {
                do {
                    let before = try db.contents()
                    let words = try act(kind, db)
                    guard try db.contents() != before else { return .rollback }
                    let report = try AuditWalk.report(RawWalk(db: db), SQLiteStore.auditQuery, against: heads)
                    deed = Deed(kind: kind, words: words, findings: report.findings)
                } catch is DatabaseError {
                    deed = nil
                }
                return .rollback
            }
            return deed
        }
    }

    private func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next(upperBound: UInt64(values.count)))] }

    private func number(below end: Int64) -> Int64 { Int64(random.next(upperBound: UInt64(end))) }

    // MARK: - Deeds

    private func act(_ kind: String, _ db: Database) throws -> String {
        let table = pick(["event", "audit_act", "audit_entry"])
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY book, number")
        let (row, other) = (pick(rows), pick(rows))
        let entry = try pick(Row.fetchAll(db, sql: "SELECT * FROM audit_entry ORDER BY book, number"))
        switch kind {
        case "flip": return try flip(table, row, db)
        case "delete":
            try db.execute(
                sql: "DELETE FROM \(table) WHERE book = ? AND number = ?",
                arguments: [row["book"], row["number"]]
            )
            return "\(table) \(row)"
        case "swap":
            let column = pick(Array(row.columnNames.filter { !["book", "number"].contains($0) }))
            for (to, from) in [(row, other), (other, row)] {
                let value: DatabaseValue = from[column]
                try db.execute(
                    sql: "UPDATE \(table) SET \(column) = ? WHERE book = ? AND number = ?",
                    arguments: [value, to["book"], to["number"]]
                )
            }
            return "\(table).\(column) \(row) \(other)"
        case "insert": return try insert(table, row, db)
        case "renumber":
            let step = pick([Int64(-3), -2, -1, 1, 2, 3, 1000])
            try db.execute(
                sql: "UPDATE \(table) SET number = number + ? WHERE book = ? AND number = ?",
                arguments: [step, row["book"], row["number"]]
            )
            return "\(table) \(row) by \(step)"
        case "rehash":
            let source = entry["event"] == nil ? "audit_act" : "event"
            let about: Int64 = entry["event"] ?? entry["act"] ?? 0
            try db.execute(sql: "UPDATE \(source) SET actor = actor || 'x' WHERE number = ?", arguments: [about])
            try db.rehash(Book(entry["book"]), from: entry["number"])
            return "\(source) \(about), and all from \(entry) on"
        default:
            let (book, from): (Int64, Int64) = (entry["book"], entry["number"])
            try db.execute(
                sql: """
                    DELETE FROM event WHERE number IN (SELECT event FROM audit_entry WHERE book = ? AND number >= ?);
                    DELETE FROM audit_act WHERE number IN (SELECT act FROM audit_entry WHERE book = ? AND number >= ?);
                    DELETE FROM audit_entry WHERE book = ? AND number >= ?;
                    """,
                arguments: [book, from, book, from, book, from]
            )
            return "\(book) from \(from) on"
        }
    }

    private func flip(_ table: String, _ row: Row, _ db: Database) throws -> String {
        let column = pick(Array(row.columnNames))
        let value: DatabaseValue = row[column]
        let (book, number): (Int64, Int64) = (row["book"], row["number"])
        func set(_ expression: String, _ new: (any DatabaseValueConvertible)?) throws {
            try db.execute(
                sql: "UPDATE \(table) SET \(column) = \(expression) WHERE book = ? AND number = ?",
                arguments: [new, book, number]
            )
        }
        switch value.storage {
        case .null: try set("?", column == "request_id" ? "x" : nil)
        case .int64(let old): try set("?", old ^ (1 << self.number(below: 63)))
        case .string(let text): try set("CAST(? AS TEXT)", flipped(Data(text.utf8)))
        case .blob(let data): try set("?", flipped(data))
        case .double: break
        }
        return "\(table).\(column) \(row)"
    }

    private func flipped(_ data: Data) -> Data {
        guard !data.isEmpty else { return Data([0x78]) }
        var bytes = Array(data)
        bytes[Int(number(below: Int64(bytes.count)))] ^= 1 << UInt8(number(below: 8))
        return Data(bytes)
    }

    /// A row like another one, where there is none yet: among those that are chained.
    private func insert(_ table: String, _ row: Row, _ db: Database) throws -> String {
        let columns = row.columnNames.filter { $0 != "number" }.joined(separator: ", ")
        let (book, number): (Int64, Int64) = (row["book"], row["number"])
        let last =
            try Int64.fetchOne(db, sql: "SELECT max(number) FROM \(table) WHERE book = ?", arguments: [book]) ?? 0
        // An entry may come anywhere, also last; a row before the last one that is chained.
        let place = table == "audit_entry" ? last + 1 : -self.number(below: 5)
        try db.execute(
            sql:
                "INSERT INTO \(table) (number, \(columns)) SELECT ?, \(columns) FROM \(table) WHERE book = ? AND number = ?",
            arguments: [place, book, number]
        )
        return "\(table) \(row) at \(place)"
    }
}

extension Database {
    fileprivate func contents() throws -> [String] {
        try ["event", "audit_act", "audit_entry"]
            .flatMap { table in
                try Row.fetchAll(self, sql: "SELECT * FROM \(table) ORDER BY book, number").map { "\(table) \($0)" }
            }
    }

    /// Makes every hash anew from a number on, as whoever knows the form can.
    fileprivate func rehash(_ book: Book, from number: Int64) throws {
        let query = SQLiteStore.auditQuery.entries(AuditRange(book, .oldestFirst, limit: .max))
        let rows = try Row.fetchAll(self, sql: query.sql, arguments: StatementArguments(query.arguments.map(\.raw)))
        var head = AuditHead.beginning(of: book)
        for row in rows {
            var columns = Columns(RawRow(row: row), of: "audit_entry")
            let entry = try AuditedRecord(from: &columns)
            guard let link = head.links([entry.record]).first else { return }
            head =
                entry.entry.number < number
                ? AuditHead(book: book, number: entry.entry.number, hash: entry.entry.hash)
                : AuditHead(book: book, number: link.number, hash: link.hash)
            try execute(
                sql: "UPDATE audit_entry SET hash = ? WHERE book = ? AND number = ?",
                arguments: [Data(head.hash.bytes), book.number, entry.entry.number]
            )
        }
    }
}

/// Rows as they are within a transaction that is not committed.
private struct RawWalk: RowWalk {
    let db: Database

    func each(
        _ sql: String,
        _ arguments: [StoredValue],
        of table: String,
        _ visit: (inout Columns) throws -> Bool
    ) throws {
        let rows = try Row.fetchCursor(db, sql: sql, arguments: StatementArguments(arguments.map(\.raw)))
        while let row = try rows.next() {
            var columns = Columns(RawRow(row: row), of: table)
            guard try visit(&columns) else { return }
        }
    }
}

private struct RawRow: RowSource {
    let row: Row

    func value(at index: Int) -> StoredValue { StoredValue(raw: row[index]) }

    func value(named name: String) -> StoredValue? { row.hasColumn(name) ? StoredValue(raw: row[name]) : nil }
}

extension StoredValue {
    fileprivate init(raw value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .number(number)
        case .string(let text): self = .characters(text)
        case .blob(let data): self = .bytes(data)
        case .double: self = .foreign
        }
    }

    fileprivate var raw: DatabaseValue {
        switch self {
        case .null, .foreign: .null
        case .number(let number): number.databaseValue
        case .characters(let text): text.databaseValue
        case .identifier(let id): id.data.databaseValue
        case .bytes(let data): data.databaseValue
        }
    }
}
