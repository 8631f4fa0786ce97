import Domain
import Engine
import NIOConcurrencyHelpers
import Testing

@Suite struct TurnstileTests {
    private let start = Moment(seconds: 1_767_323_046)

    /// Goes through, alone.
    private static func pass(_ turnstile: Turnstile, at moment: Moment) async -> EngineFailure? {
        do throws(EngineFailure) {
            try await turnstile.enter(at: moment)
            turnstile.leave()
            return nil
        } catch {
            return error
        }
    }

    private static func wait(for count: Int, at turnstile: Turnstile) async {
        while turnstile.waitingCount < count { await Task.yield() }
    }

    @Test func `whoever waits longest goes in next`() async throws {
        let turnstile = Turnstile(1, waiting: 8, wait: nil)
        try await turnstile.enter(at: start)
        let order = NIOLockedValueBox<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...8 {
                group.addTask {
                    try await turnstile.enter(at: start)
                    order.withLockedValue { $0.append(number) }
                    turnstile.leave()
                }
                await Self.wait(for: number, at: turnstile)
            }
            turnstile.leave()
            try await group.waitForAll()
        }
        #expect(order.withLockedValue { $0 } == Array(1...8))
    }

    @Test func `one more than may wait is told at once`() async throws {
        let turnstile = Turnstile(2, waiting: 1, wait: nil)
        try await turnstile.enter(at: start)
        try await turnstile.enter(at: start)
        async let waiting = Self.pass(turnstile, at: start)
        await Self.wait(for: 1, at: turnstile)
        await #expect(throws: EngineFailure.busy) { try await turnstile.enter(at: start) }
        turnstile.leave()
        #expect(await waiting == nil)
        try await turnstile.enter(at: start)
    }

    @Test func `whoever waits for too long is sent away, and the others are not`() async throws {
        let turnstile = Turnstile(1, waiting: 8, wait: .seconds(5))
        try await turnstile.enter(at: start)
        async let early = Self.pass(turnstile, at: start)
        await Self.wait(for: 1, at: turnstile)
        async let late = Self.pass(turnstile, at: start.adding(.seconds(3)))
        await Self.wait(for: 2, at: turnstile)
        turnstile.refuseLate(at: start.adding(.seconds(5)))
        #expect(turnstile.waitingCount == 2)
        turnstile.refuseLate(at: start.adding(.seconds(6)))
        #expect(await early == .busy)
        turnstile.leave()
        #expect(await late == nil)
    }
}
