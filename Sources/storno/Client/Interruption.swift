import UnixSignals

/// Work that goes on until somebody has had enough of it.
enum Interruption {
    /// Returns when the work is done, or when SIGINT or SIGTERM ended it.
    static func end(_ work: @Sendable @escaping () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
