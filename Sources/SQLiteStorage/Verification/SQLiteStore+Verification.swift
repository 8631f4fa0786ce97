import Dispatch
import Domain
import GRDB
import NIOConcurrencyHelpers
import Rows
import Storage
import Synchronization

extension SQLiteStore {
    /// The rules of every database, and what is to be said about this one's file.
    var checks: [Check] {
        [Self.file, Self.log(of: path), Check("references", "SELECT 0, \"table\" FROM pragma_foreign_key_check")]
            + [.auditTrail(Self.auditQuery)] + Verification.checks + Self.schemaChecks
    }

    package var checkNames: [String] { checks.map(\.name) }

    /// How many are at work at a time. Each reads by itself and sees one state of the books; while a server writes,
    /// not all see the same.
    private static let verifiers = 2

    package func verify(limit: Int = 1000) async throws(StoreFailure) -> [Finding] {
        do {
            return try findings(limit)
        } catch {
            throw StoreFailure(reading: error)
        }
    }

    private func findings(_ limit: Int) throws -> [Finding] {
        let checks = checks
        let next = Atomic(0)
        let results = NIOLockedValueBox([Result<[Finding], any Error>?](repeating: nil, count: checks.count))
        DispatchQueue.concurrentPerform(iterations: Self.verifiers) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < checks.count else { return }
                let result = Result { try findings(of: checks[index], limit) }
                results.withLockedValue { $0[index] = result }
            }
        }
        return try results.withLockedValue { $0 }.flatMap { try $0?.get() ?? [] }
    }

    /// What the database cannot even read is a finding too.
    private func findings(of check: Check, _ limit: Int) throws -> [Finding] {
        var found: [Finding] = []
        do {
            try pool.read { db in found = try check.findings(in: SQLiteWalk(db: db), sealer, limit) }
        } catch let failure as DatabaseError where failure.resultCode != .SQLITE_BUSY {
            guard found.isEmpty else { return found }
            let words = failure.message ?? "SQLite error \(failure.resultCode)"
            return [Finding(check: check.name, book: 0, subject: words)]
        }
        return found
    }

    /// What SQLite says against the file's pages and indexes; `nil` for nothing.
    package func damage() async throws(StoreFailure) -> String? {
        let log = try? LogCheck.findings(path).first
        if let log { return "the write-ahead log is \(log.subject)" }
        return try await reading { db in
            let said = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "nothing"
            return said == "ok" ? nil : said
        }
    }

    /// The file itself: its pages and indexes.
    private static let file = Check("file") { rows, _, limit in
        var findings: [Finding] = []
        try rows.each("PRAGMA quick_check(\(limit))", [], of: "the file") { columns in
            let said = try columns.text()
            if said != "ok" { findings.append(Finding(check: "file", book: 0, subject: said)) }
            return true
        }
        return findings
    }
}

/// Rows of one read of SQLite.
struct SQLiteWalk: RowWalk {
    let db: Database

    func each(
        _ sql: String,
        _ arguments: [StoredValue],
        of table: String,
        _ visit: (inout Columns) throws -> Bool
    ) throws {
        try db.makeStatement(sql: sql)
            .each(arguments) { row in
                var columns = Columns(row, of: table)
                return try visit(&columns)
            }
    }
}
