import Domain
import NIOConcurrencyHelpers
import Storage

/// Work in books with a time of their own that others than the engine do.
package protocol ClockedWork: Sendable {
    /// Does what there is to do in a book at a moment of its time, and returns when it is done.
    ///
    /// - Returns: how much there was.
    func work(in book: Book, at moment: Moment) async throws(EngineFailure) -> Int

    /// When the first of it falls due after a moment.
    func nextDue(in book: Book, after moment: Moment) async throws(EngineFailure) -> Moment?

    /// The books in which there is something to do.
    ///
    /// - Parameter moments: what time it is in each.
    func busyBooks(_ moments: [Book: Moment]) async throws(EngineFailure) -> Set<Book>
}

/// Which books with a time of their own are being worked on in this process.
package final class Clockwork: Sendable {
    private struct State {
        var busy: Set<Book> = []
        var others: [any ClockedWork] = []
        /// The name by which this process holds clocks.
        var holder: UInt128?
        var keepers = 0
        var isCalled = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// From now on this is done too. At the composition.
    package func attach(_ work: any ClockedWork) { state.withLockedValue { $0.others.append(work) } }

    var others: [any ClockedWork] { state.withLockedValue { $0.others } }

    /// - Returns: whether nobody was at it yet.
    func take(_ book: Book) -> Bool { state.withLockedValue { $0.busy.insert(book).inserted } }

    func giveBack(_ book: Book) { state.withLockedValue { _ = $0.busy.remove(book) } }

    var busy: Set<Book> { state.withLockedValue { $0.busy } }

    // MARK: - Calling

    /// From now on somebody does what clocks want in this process, until ``endKeeping()``.
    func beginKeeping() { state.withLockedValue { $0.keepers += 1 } }

    func endKeeping() { state.withLockedValue { $0.keepers -= 1 } }

    /// Says that a clock was set out.
    ///
    /// - Returns: whether somebody hears it.
    func call() -> Bool {
        let (isHeard, sleeper) = state.withLockedValue { state in
            state.isCalled = state.sleeper == nil
            return (state.keepers > 0, state.sleeper.take())
        }
        sleeper?.resume()
        return isHeard
    }

    /// Returns once somebody calls, or when the task is cancelled. For one keeper.
    func nextCall() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard !state.isCalled, !Task.isCancelled else {
                        state.isCalled = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.sleeper.take() }?.resume()
        }
    }

    var holder: UInt128? {
        get { state.withLockedValue { $0.holder } }
        set { state.withLockedValue { $0.holder = $0.holder ?? newValue } }
    }
}
