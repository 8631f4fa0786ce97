#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    package func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        do {
            let outcome = try await committing { [self] connection, batch in
                try attempt(footprint, body, batch, on: connection)
            }
            health.wrote()
            return outcome
        } catch {
            health.failed()
            throw StoreFailure(error)
        }
    }

    /// How often a batch that met another node's is decided anew.
    private static var tries: Int { 8 }

    /// One transaction: three round trips, or four.
    private func attempt<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome,
        _ batch: Int64,
        on connection: PostgresConnection
    ) throws -> Committed<Outcome> {
        for _ in 1..<Self.tries {
            do {
                return try once(footprint, body, batch, on: connection)
            } catch let failure as PostgresFailure where failure.isConflict {
                connection.leaveTransaction()
            }
        }
        return try once(footprint, body, batch, on: connection)
    }

    private func once<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome,
        _ batch: Int64,
        on connection: PostgresConnection
    ) throws -> Committed<Outcome> {
        let load = FootprintLoad(footprint, on: connection, rows, sealer, leftOut, node: node)
        var set = try load.run()
        let outcome = body(&set)
        let writing = SetWriting(statements: rows, sealer: sealer, slot: slot)
        let changes = writing.statements(for: set)
        guard !changes.isEmpty else {
            try connection.execute(Statement("COMMIT"))
            return Committed(outcome: outcome)
        }
        do {
            try commit(changes, batch, on: connection)
            bell.ring()
            return Committed(outcome: outcome)
        } catch PostgresFailure.lost(let words) {
            return Committed(outcome: outcome, doubt: words)
        }
    }

    /// Writes and commits in one round trip.
    ///
    /// - Throws: ``PostgresFailure/lost(_:)`` when it is not known whether it was committed, or whether that will last.
    private func commit(_ changes: [Statement], _ batch: Int64, on connection: PostgresConnection) throws {
        connection.forgetWarnings()
        let mark = Statement(
            """
            INSERT INTO node (id, batch) VALUES ($1::bytea, $2::int8)
            ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, seen_at = now()
            """,
            [.value(.id(node)), .value(.number(batch))]
        )
        _ = try connection.pipeline(changes + [mark, Statement("COMMIT")])
        // A wait for the standby that was cancelled: committed here, and perhaps nowhere else.
        if let warning = connection.warnings.first { throw PostgresFailure.lost(warning) }
    }
}

/// What a transaction came to, and why it is not known whether it did.
struct Committed<Outcome: Sendable>: Sendable {
    let outcome: Outcome
    var doubt: String?
}
#endif
