import Domain
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: TimeSource {
    private struct State {
        var now: Moment
        var sleepers: [(until: Moment, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    /// - Parameter start: 2026-01-02 03:04:05 UTC where a test does not care.
    package init(start: Moment = Moment(seconds: 1_767_323_045)) {
        state = Mutex(State(now: start))
    }

    package var now: Moment { state.withLock { $0.now } }

    /// Whether somebody waits for the time to pass.
    package var hasSleepers: Bool { state.withLock { !$0.sleepers.isEmpty } }

    package func advance(by duration: Duration) {
        let awake = state.withLock { state in
            state.now = state.now.adding(duration)
            let due = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return due
        }
        for sleeper in awake { sleeper.continuation.resume() }
    }

    package func sleep(for duration: Duration) async throws {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                let until = state.now.adding(duration)
                guard until > state.now else { return true }
                state.sleepers.append((until, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
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
