import Domain
import GRDB
import Rows
import Storage

/// What the database says about itself, for tests and for people who look after it.
extension SQLiteStore {
    /// 2 is FULL: synced at every commit.
    package var synchronousMode: Int? {
        get throws { try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
    }

    package var journalMode: String? {
        get throws { try pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } }
    }

    /// How SQLite would walk events, a line a step.
    package func plan(of range: EventRange) throws -> [String] {
        let query = EventQuery(range, Self.order)
        return try plan(query.sql, query.arguments)
    }

    package func plan(of kind: DueWork.Kind, in book: Book? = nil) throws -> [String] {
        let work = DueWork(kind, of: book, at: Moment(milliseconds: 1), limit: 1)
        return try plan(
            "SELECT book, id FROM \(work.source) AND due_at <= 1 ORDER BY due_at LIMIT 1",
            work.arguments
        )
    }

    /// Of what is asked again and again about clocks.
    package func plansOfClocks() throws -> [[String]] {
        [try plan(ClockQuery.work, []), try plan(ClockQuery.nextDue, ones(4))]
    }

    /// Of what the chaining of the audit trail asks again and again.
    package func plansOfAudit() throws -> [[String]] {
        let query = Self.auditQuery
        return try AuditQuery.Table.allCases.flatMap { table in
            [
                try plan(Self.booksBehind(table), ones(1)), try plan(query.last(of: table), ones(1)),
                try plan(query.backlog(of: table, isBehind: true), ones(3)),
                try plan(query.passedOver(of: table), ones(2)),
            ]
        }
    }

    package func planOfWatchedRefunds(books: Int?) throws -> [String] {
        let places = (0..<(books ?? 0)).map { StoredValue.integer($0) }
        let arguments = [.text("in_doubt")] + places + [.integer(10)]
        return try plan(Self.watchedRefunds(ofBooks: books), arguments)
    }

    /// Of every rule by which the books are proven: the rule's name, and the steps of each of its statements.
    package func plansOfVerification() throws -> [(check: String, steps: [String])] {
        try pool.read { db in
            try Verification.checks.flatMap { check in
                let walk = PlanWalk(db: db)
                _ = try check.findings(in: walk, sealer, 1)
                return walk.plans.map { (check.name, $0) }
            }
        }
    }

    private func ones(_ count: Int) -> [StoredValue] { Array(repeating: .number(1), count: count) }

    private func plan(_ sql: String, _ arguments: [StoredValue]) throws -> [String] {
        try pool.read { db in try db.plan(sql, arguments) }
    }
}

extension Database {
    fileprivate func plan(_ sql: String, _ arguments: [StoredValue]) throws -> [String] {
        try makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
            .all(of: "a plan", arguments) { columns in
                _ = try (columns.integer(), columns.integer(), columns.integer())
                return try columns.text()
            }
    }
}

/// Asks how each statement would be walked, and walks none.
private final class PlanWalk: RowWalk {
    let db: Database
    private(set) var plans: [[String]] = []

    init(db: Database) { self.db = db }

    func each(
        _ sql: String,
        _ arguments: [StoredValue],
        of table: String,
        _ visit: (inout Columns) throws -> Bool
    ) throws {
        plans.append(try db.plan(sql, arguments))
    }
}
