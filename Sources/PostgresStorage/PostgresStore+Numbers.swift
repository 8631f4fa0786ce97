#if PostgreSQL
import Domain
import Rows
import Storage

/// Single numbers: totals, times, and whether work is due.
extension PostgresStore {
    /// The first column of the first row.
    private func number(_ statement: Statement) async throws(StoreFailure) -> Int64? {
        try await reading { connection in
            try connection.execute(statement).map(of: "a sum") { try $0.optionalInteger() }.first ?? nil
        }
    }

    package func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment? {
        try await reading { [leftOut] connection in
            let sql = "SELECT due_at, id FROM \(kind.source) ORDER BY due_at LIMIT ?"
            let statement = Statement(marked: sql, kind.arguments + [.integer(leftOut.count + 1)])
            return try connection.execute(statement)
                .map(of: "an index") { columns in
                    let moment = try columns.moment()
                    return try leftOut.contains(columns.raw()) ? nil : moment
                }
                .compactMap(\.self).first
        }
    }

    package func nextDue(in book: Book, after moment: Moment) async throws(StoreFailure) -> Moment? {
        let arguments: [StoredValue] = [.book(book), .moment(moment), .book(book), .moment(moment)]
        return try await number(Statement(marked: ClockQuery.nextDue, arguments)).map(Moment.init(milliseconds:))
    }

    package func clock(of book: Book) async throws(StoreFailure) -> BookClock? {
        try await reading { connection in
            try connection.execute(Statement(marked: ClockQuery.byBook, [.book(book)])).rows(BookClock.self).first
        }
    }

    package func clockWork() async throws(StoreFailure) -> [ClockWork] {
        try await reading { connection in
            try connection.execute(Statement(ClockQuery.work)).map(of: BookClock.table) { try ClockWork(from: &$0) }
        }
    }

    package func tally(_ tally: Tally) async throws(StoreFailure) -> Int64 {
        let sql = "SELECT coalesce(sum(amount), 0)::int8 FROM tally WHERE book = ? AND name = ?"
        return try await number(Statement(marked: sql, [.book(tally.book), .text(tally.name.text)])) ?? 0
    }

    package func latestMoment() async throws(StoreFailure) -> Moment? {
        // Nodes commit in another order than they were given their numbers in, but not by much.
        let sql = """
            SELECT greatest(
                (SELECT max(at) FROM (
                    SELECT at FROM event WHERE book NOT IN (SELECT book FROM test_clock WHERE \(ClockQuery.isSet))
                    ORDER BY number DESC LIMIT 1000
                ) latest),
                (SELECT max(value::int8) FROM meta WHERE name LIKE 'moment %'))
            """
        return try await number(Statement(sql)).map(Moment.init(milliseconds:))
    }

    package func timeMark(of boot: String) async throws(StoreFailure) -> TimeMark? {
        try await reading { connection in
            let name = Parameter.value(.text("time_mark \(boot)"))
            return try connection.execute(Statement("SELECT value FROM meta WHERE name = $1::text", [name]))
                .map(of: "meta") { try $0.text() }.first.flatMap(TimeMarkText.mark)
        }
    }

    package func directoryVersion() async throws(StoreFailure) -> Int64? {
        try await number(Statement("SELECT coalesce((SELECT value::int8 FROM meta WHERE name = 'directory'), 0)"))
    }

    package var isShared: Bool { true }

    package var wantsCheckpoint: Bool { false }

    /// The server makes its own.
    package func checkpoint() async throws(StoreFailure) {}

    /// Writes a row if the last write failed: only that shows whether the next one can succeed.
    package func probe() async throws(StoreFailure) {
        do {
            try await aside.run { [node, health] connection in
                let touch = Statement(
                    "UPDATE node SET seen_at = now() WHERE id = $1::bytea",
                    [.value(.id(node))]
                )
                let begin = Statement("BEGIN READ WRITE")
                connection.forgetWarnings()
                _ = try connection.pipeline(
                    health.hasFailed ? [begin, touch, Statement("COMMIT")] : [begin, Statement("COMMIT")]
                )
                if let warning = connection.warnings.first { throw PostgresFailure.lost(warning) }
            }
            health.wrote()
        } catch {
            throw StoreFailure(error)
        }
    }
}

extension PostgresStore {
    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try await walking { walk, _ in try JournalTotal.all(in: walk, of: book).compactMap(AccountTotal.init) }
    }

    package func unsettledRefunds() async throws(StoreFailure) -> [RefundStatus: Int] {
        try await walking { walk, _ in try UnsettledRefunds.count(in: walk, watched: Self.watched) }
    }

    package func imbalances(of book: Book?) async throws(StoreFailure) -> [Imbalance] {
        try await walking { walk, _ in try Imbalance.all(in: walk, of: book) }
    }
}
#endif
