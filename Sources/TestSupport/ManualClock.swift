import Domain
import NIOConcurrencyHelpers

/// A clock that stands still until a test moves it.
package final class ManualClock: TimeSource {
    private struct State {
        var now: Moment
        var sleepers: [(number: Int, until: Moment, continuation: CheckedContinuation<Void, Never>)] = []
        var next = 0
    }

    private let state: NIOLockedValueBox<State>

    /// - Parameter start: 2026-01-02 03:04:05 UTC where a test does not care.
    package init(start: Moment = Moment(seconds: 1_767_323_045)) {
        state = NIOLockedValueBox(State(now: start))
    }

    package var now: Moment { state.withLockedValue { $0.now } }

    /// Whether somebody waits for the time to pass.
    package var hasSleepers: Bool { state.withLockedValue { !$0.sleepers.isEmpty } }

    package func advance(by duration: Duration) {
        let awake = state.withLockedValue { state in
            state.now = state.now.adding(duration)
            let due = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return due
        }
        for sleeper in awake { sleeper.continuation.resume() }
    }

    package func sleep(for duration: Duration) async throws {
        let number = state.withLockedValue { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    let until = state.now.adding(duration)
                    guard until > state.now, !Task.isCancelled else { return true }
                    state.sleepers.append((number, until, continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let woken = state.withLockedValue { state in
                let index = state.sleepers.firstIndex { $0.number == number }
                return index.map { state.sleepers.remove(at: $0) }
            }
            woken?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
