#if PostgreSQL
import Storage

/// A few connections for reads. Whoever comes when all are taken waits for one, in the order of arrival; when too many
/// wait already, it is told so.
actor ReaderPool {
    private var idle: [ConnectionThread]
    private var waiting: [CheckedContinuation<ConnectionThread, Never>] = []
    private static let waitingAtMost = 1024

    init(_ settings: ConnectionSettings, count: Int) {
        idle = (0..<count).map { _ in ConnectionThread(settings) }
    }

    /// - Parameter body: may be done twice.
    nonisolated func run<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        let thread = try await take()
        do {
            let value = try await thread.runRepeatably(body)
            await giveBack(thread)
            return value
        } catch {
            await giveBack(thread)
            throw error
        }
    }

    private func take() async throws -> ConnectionThread {
        if let thread = idle.popLast() { return thread }
        guard waiting.count < Self.waitingAtMost else {
            throw StoreFailure.unavailable("too many reads are waiting for a connection")
        }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack(_ thread: ConnectionThread) {
        if waiting.isEmpty { idle.append(thread) } else { waiting.removeFirst().resume(returning: thread) }
    }

    func close() async {
        for thread in idle { await thread.close() }
    }
}
#endif
