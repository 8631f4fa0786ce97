#if PostgreSQL
import NIOConcurrencyHelpers
import Storage

/// Wakes whoever looks for work, and remembers that other nodes are to be told.
final class Doorbell: Sendable {
    private struct State {
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
        var mustTell = false
        var teller: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// Something was committed that others may wait for.
    func ring() {
        let (waiting, teller) = state.withLockedValue { state in
            state.mustTell = true
            defer { state.waiting = [:] }
            return (Array(state.waiting.values), state.teller.take())
        }
        for continuation in waiting { continuation.resume() }
        teller?.resume()
    }

    /// Another node rang.
    func heard() {
        let waiting = state.withLockedValue { state in
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when it rings, or when the task is cancelled.
    func wait() async {
        let number = state.withLockedValue { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard !Task.isCancelled else { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }

    /// Returns when others are to be told, or when the task is cancelled.
    func waitToTell() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard !state.mustTell, !Task.isCancelled else { return true }
                    state.teller = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.teller.take() }?.resume()
        }
        state.withLockedValue { $0.mustTell = false }
    }
}
#endif
