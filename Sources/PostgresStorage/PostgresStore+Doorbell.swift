#if PostgreSQL
import Rows
import Storage

extension PostgresStore {
    package func news() async { await bell.wait() }

    /// Tells other nodes that there may be work, and listens for theirs: apart from every refund's transaction, since
    /// PostgreSQL lets no two transactions that notify commit at the same time. Whoever misses one looks again by
    /// itself before long.
    package func attend() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tell() }
            group.addTask { await self.listen() }
        }
    }

    private static let pause = Duration.milliseconds(50)

    /// At most one for all that was committed meanwhile.
    private func tell() async {
        while !Task.isCancelled {
            await bell.waitToTell()
            guard !Task.isCancelled else { return }
            _ = try? await aside.run { connection in _ = try connection.execute(Statement("NOTIFY storno_work")) }
            guard (try? await Task.sleep(for: Self.pause)) != nil else { return }
        }
    }

    private func listen() async {
        let thread = ConnectionThread(settings)
        while !Task.isCancelled {
            do {
                try await thread.run { connection in _ = try connection.execute(Statement("LISTEN storno_work")) }
                // What came while nobody listened.
                bell.heard()
                while !Task.isCancelled {
                    let count = try await thread.run { connection in
                        try connection.notifications(until: .now + .milliseconds(500))
                    }
                    if count > 0 { bell.heard() }
                }
            } catch {
                guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
            }
        }
    }
}
#endif
