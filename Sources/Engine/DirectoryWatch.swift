import Domain
import Logging
import Storage

/// Keeps accounts and keys in step with what other processes do to them: a key that is revoked anywhere counts here
/// within half a second.
package struct DirectoryWatch: Sendable {
    private let engine: Engine
    private static let look = Duration.milliseconds(400)

    package init(engine: Engine) {
        self.engine = engine
    }

    /// Watches until the task is cancelled. There is nothing to watch where no other process can be at work.
    package func run() async {
        guard engine.store.isShared else { return }
        repeat {
            do throws(StoreFailure) {
                try await engine.directory.catchUp(with: engine.store)
            } catch {
                engine.logger.error("accounts and keys could not be read again", metadata: ["reason": "\(error)"])
            }
        } while await engine.waitForNews(atMost: Self.look)
    }
}

extension Engine {
    /// Waits until it is time to look again, or until another process says that there is something to see.
    ///
    /// - Returns: whether there is still something to look for.
    package func waitForNews(atMost duration: Duration) async -> Bool {
        guard store.isShared else { return (try? await time.sleep(for: duration)) != nil }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await time.sleep(for: duration)) != nil }
            group.addTask {
                await store.news()
                return !Task.isCancelled
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
