import Domain
import NIOConcurrencyHelpers

/// Lets a few in at a time, in the order in which they came; so many may wait, for so long.
package final class Turnstile: Sendable {
    private struct Waiting {
        let arrivedAt: Moment
        let answer: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var inside = 0
        /// In the order of their arrival.
        var waiting: [Waiting] = []
    }

    private let most: Int
    private let mostWaiting: Int
    private let wait: Duration?
    private let state = NIOLockedValueBox(State())

    /// - Parameter wait: `nil` for as long as it takes.
    package init(_ most: Int, waiting: Int, wait: Duration?) {
        self.most = most
        mostWaiting = waiting
        self.wait = wait
    }

    /// Whoever came in has to leave.
    ///
    /// - Throws: ``EngineFailure/busy`` when too many wait already, or when the wait was too long.
    package func enter(at moment: Moment) async throws(EngineFailure) {
        let isIn = state.withLockedValue { state in
            guard state.inside < most else { return false }
            state.inside += 1
            return true
        }
        guard !isIn else { return }
        let isLetIn = await withCheckedContinuation { answer in
            let known = state.withLockedValue { state -> Bool? in
                // Somebody may have left meanwhile.
                guard state.inside == most else {
                    state.inside += 1
                    return true
                }
                guard state.waiting.count < mostWaiting else { return false }
                state.waiting.append(Waiting(arrivedAt: moment, answer: answer))
                return nil
            }
            if let known { answer.resume(returning: known) }
        }
        guard isLetIn else { throw .busy }
    }

    /// Gives the place to whoever waits longest.
    package func leave() {
        let next = state.withLockedValue { state -> Waiting? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.inside -= 1
            return nil
        }
        next?.answer.resume(returning: true)
    }

    package var waitingCount: Int { state.withLockedValue { $0.waiting.count } }

    /// Sends those away that have waited for too long.
    package func refuseLate(at now: Moment) {
        guard let wait else { return }
        let late = state.withLockedValue { state in
            let late = state.waiting.prefix { now.since($0.arrivedAt) > wait }
            state.waiting.removeFirst(late.count)
            return Array(late)
        }
        for waiting in late { waiting.answer.resume(returning: false) }
    }
}
