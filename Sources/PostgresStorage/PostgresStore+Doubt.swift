#if PostgreSQL
import Domain
import Rows
import Storage

/// A commit of which the end was never heard.
extension PostgresStore {
    /// How long the truth is looked for before whoever waits is told that it is not known.
    private static var patience: Duration { .seconds(20) }

    /// Carries out a transaction that ends with writing its batch's number into the node's row; if its end is not heard,
    /// finds out from that row what became of it. One that was lost before it came to that has left nothing, and is done
    /// again.
    func committing<Outcome: Sendable>(
        _ body: @Sendable @escaping (PostgresConnection, _ batch: Int64) throws -> Committed<Outcome>
    ) async throws -> Outcome {
        let batch = health.nextBatch()
        let result = try await writer.runRepeatably { connection in try body(connection, batch) }
        guard let words = result.doubt else { return result.outcome }
        guard try await isThere(batch, words) else { throw StoreFailure.unavailable(words) }
        bell.ring()
        return result.outcome
    }

    /// - Throws: `StoreFailure.outcomeUnknown` when the database does not say in time.
    private func isThere(_ batch: Int64, _ words: String) async throws -> Bool {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            do {
                return try await writer.run { [node] connection in
                    try Self.lastBatch(of: node, connection) >= batch
                }
            } catch is PostgresFailure {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw StoreFailure.outcomeUnknown(words)
    }

    /// Waits for the lost transaction to end, since that holds the row from its beginning; and commits something after
    /// it, which lasts only if everything before it does.
    private static func lastBatch(of node: UInt128, _ connection: PostgresConnection) throws -> Int64 {
        connection.forgetWarnings()
        let touch = Statement(
            """
            INSERT INTO node (id, batch) VALUES ($1::bytea, 0)
            ON CONFLICT (id) DO UPDATE SET seen_at = now() RETURNING batch
            """,
            [.value(.id(node))]
        )
        let found = try connection.pipeline([Statement("BEGIN READ WRITE"), touch, Statement("COMMIT")])
        if let warning = connection.warnings.first { throw PostgresFailure.lost(warning) }
        return try found[1].map(of: "node") { try $0.integer() }.first ?? 0
    }
}
#endif
