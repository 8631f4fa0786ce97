import Dispatch
import Domain
import GRDB
import Synchronization

/// Something that rows say against a rule.
package struct Finding: Sendable, Equatable {
    /// The rule's name, such as `entries_of_refund`.
    package let check: String
    package let book: Int64
    /// The offending object's id as 32 hexadecimal digits, or what it is about.
    package let subject: String
}

/// Proves the books from the rows alone: a rule is a walk along an index, so that time grows with the rows and
/// memory does not.
package enum Verification {
    package static var names: [String] { checks.map(\.name) }

    /// The longest come first, in favour of whoever waits for the last.
    static let checks =
        [
            Check.file, Check.walks, Check.seals, Check.trialBalance, Check.log,
            Check("references", "SELECT 0, \"table\" FROM pragma_foreign_key_check"),
        ]
        + eventChecks + journalChecks + paymentChecks + attemptChecks + refundChecks + schemaChecks

    /// How many are at work at a time. Each reads by itself and sees one state of the books; while a server writes,
    /// not all see the same.
    static let workers = 2
}

/// One rule, and how to find what breaks it.
struct Check: Sendable {
    typealias Findings = @Sendable (_ store: SQLiteStore, _ db: Database, _ limit: Int) throws -> [Finding]

    let name: String
    /// At most so many of the findings; `db` reads what the store holds at one moment.
    let findings: Findings

    init(_ name: String, findings: @escaping Findings) {
        self.name = name
        self.findings = findings
    }

    /// - Parameter sql: finds what breaks the rule: the book, and what it is about.
    init(_ name: String, _ sql: String) {
        self.init(name) { _, db, limit in
            var findings: [Finding] = []
            let rows = try Row.fetchCursor(db, sql: sql)
            while findings.count < limit, let row = try rows.next() {
                let book = try? row.decode(Int64.self, atIndex: 0)
                let subject = try? row.decode(String.self, atIndex: 1)
                findings.append(Finding(check: name, book: book ?? 0, subject: subject ?? "a row that does not decode"))
            }
            return findings
        }
    }

    /// The file itself: its pages and indexes.
    static let file = Check("file") { _, db, limit in
        try String.fetchAll(db, sql: "PRAGMA quick_check(\(limit))").filter { $0 != "ok" }
            .map { Finding(check: "file", book: 0, subject: $0) }
    }
}

extension SQLiteStore {
    /// What the rows say against the rules, at most `limit` findings of each.
    package func verify(limit: Int = 1000) throws -> [Finding] {
        let checks = Verification.checks
        let next = Atomic(0)
        let results = Mutex([Result<[Finding], any Error>?](repeating: nil, count: checks.count))
        DispatchQueue.concurrentPerform(iterations: Verification.workers) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < checks.count else { return }
                let result = Result { try findings(of: checks[index], limit) }
                results.withLock { $0[index] = result }
            }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }

    /// What the database cannot even read is a finding too.
    private func findings(of check: Check, _ limit: Int) throws -> [Finding] {
        var found: [Finding] = []
        do {
            try pool.read { db in found = try check.findings(self, db, limit) }
        } catch let failure as DatabaseError where failure.resultCode != .SQLITE_BUSY {
            guard found.isEmpty else { return found }
            let words = failure.message ?? "SQLite error \(failure.resultCode)"
            return [Finding(check: check.name, book: 0, subject: words)]
        } catch let damaged as DamagedRow {
            return found + [Finding(check: check.name, book: 0, subject: "\(damaged)")]
        }
        return found
    }
}
