import Domain
import Logging
import Storage

/// Does what falls due in books with a time of their own, and moves clocks on that were set out and left on their way,
/// such as by a process that died.
package struct ClockKeeper: Sendable {
    private let engine: Engine
    /// How many books are worked on at a time.
    private static let places = 16
    /// After this long a clock on its way is looked at anew.
    private static let stretch = Duration.seconds(60)

    package init(engine: Engine) {
        self.engine = engine
    }

    /// Works until the task is cancelled.
    package func run() async {
        engine.clockwork.beginKeeping()
        defer { engine.clockwork.endKeeping() }
        await withDiscardingTaskGroup { group in
            repeat {
                do throws(EngineFailure) {
                    let busy = engine.clockwork.busy
                    let books = try await waiting().filter { !busy.contains($0) }
                    for book in books.prefix(max(0, Self.places - busy.count)) {
                        group.addTask { await keep(book) }
                    }
                } catch {
                    complain(error)
                }
            } while await rest()
        }
    }

    /// Until somebody calls, or it is time to look again.
    ///
    /// - Returns: whether there is still something to look for.
    private func rest() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await engine.waitForNews(atMost: engine.look) }
            group.addTask {
                await engine.clockwork.nextCall()
                return !Task.isCancelled
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    private func keep(_ book: Book) async {
        do throws(EngineFailure) {
            _ = try await engine.drive(book, until: engine.execution.moment.adding(Self.stretch))
        } catch {
            complain(error)
        }
    }

    /// The books in which there is something to do, and that no other process has.
    private func waiting() async throws(EngineFailure) -> [Book] {
        let truth = engine.execution.moment
        let works = try await engine.clockWork()
            .filter { $0.clock.holder == nil || $0.clock.heldUntil.map { $0 <= truth } ?? true }
        guard !works.isEmpty else { return [] }
        var busy: Set<Book> = []
        var moments: [Book: Moment] = [:]
        for work in works {
            let now = work.clock.moment(truth)
            moments[work.clock.book] = now
            if work.clock.advancingTo != nil || work.nextDue.map({ $0 <= now }) ?? false {
                busy.insert(work.clock.book)
            }
        }
        for other in engine.clockwork.others { busy.formUnion(try await other.busyBooks(moments)) }
        return busy.sorted()
    }

    private func complain(_ failure: EngineFailure) {
        engine.logger.warning("a test clock was put off", metadata: ["reason": "\(failure)"])
    }
}
