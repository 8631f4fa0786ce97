import Domain
import Engine
import Rows
import Server
import Storage
import TestSupport
import Testing

/// Every scenario of the simulated processor, from the request to the end of its story.
@Suite struct SandboxScenarioTests {
    /// Asks for a refund and tells its story: each status with the second at which it was first seen.
    private func story(_ amount: Int64, seconds: [Int64]) async throws -> [RefundStatus] {
        try await TestServer.run { server in
            let (book, payment) = try await Self.payment(server, 200_000_000)
            let refund = try await Self.refund(server, book, payment, amount)
            var statuses = [refund.status]
            var passed: Int64 = 0
            for second in seconds {
                try await server.advance(by: .seconds(second - passed))
                passed = second
                statuses.append(try await Self.seen(server, book, refund.id).status)
            }
            #expect(try await server.installation.store.verify().isEmpty)
            return statuses
        }
    }

    private static func payment(_ server: TestServer, _ amount: Int64) async throws -> (Book, Payment.ID) {
        let book = try await server.engine.perform(CreateAccount(name: "main")).book(.test)
        var command = CreatePayment(origin: origin(book), amount: amount, currency: Currency(code: "EUR"))
        command.method = .card
        command.settlesAtOnce = true
        return (book, try await server.engine.perform(command).payment.id)
    }

    private static func refund(
        _ server: TestServer,
        _ book: Book,
        _ payment: Payment.ID,
        _ amount: Int64
    ) async throws -> Refund {
        let command = CreateRefund(
            origin: origin(book),
            payment: ObjectName(.payment, payment.raw, in: book),
            amount: Amount(minorUnits: amount)
        )
        return try await server.engine.perform(command).refund
    }

    private static func seen(_ server: TestServer, _ book: Book, _ id: Refund.ID) async throws -> Refund {
        try await server.engine.refund(ObjectName(.refund, id.raw, in: book), dialect: "storno").refund
    }

    private static func origin(_ book: Book) -> Origin {
        Origin(book: book, actor: Actor(.key, "key"), requestID: nil, dialect: "storno")
    }

    private static let day: Int64 = 86_400

    @Test func `every other amount succeeds a second a step`() async throws {
        #expect(try await story(100, seconds: [1, 2]) == [.queued, .submitted, .succeeded])
    }

    @Test func `90 000 001 is declined`() async throws {
        #expect(try await story(90_000_001, seconds: [1]) == [.queued, .failed])
    }

    @Test func `90 000 002 hangs, is found to be absent, is tried again and ends with a person`() async throws {
        let told = try await story(90_000_002, seconds: [1, 3, 4 * Self.day, 5 * Self.day])
        #expect(told.first == .queued)
        #expect(Set(told.dropFirst()).isSubset(of: [.queued, .inDoubt, .needsReview]))
        #expect(told.last == .needsReview)
    }

    @Test func `90 000 003 is executed, its answer is lost, and the inquiry finds it`() async throws {
        #expect(try await story(90_000_003, seconds: [1, 2]) == [.queued, .inDoubt, .succeeded])
    }

    @Test func `90 000 004 succeeds and is reversed ten days later`() async throws {
        let told = try await story(90_000_004, seconds: [1, 2, 9 * Self.day, 11 * Self.day])
        #expect(told == [.queued, .submitted, .succeeded, .succeeded, .reversed])
    }

    @Test func `90 000 005 needs the payer, who has seven days`() async throws {
        let told = try await story(90_000_005, seconds: [1, 6 * Self.day, 8 * Self.day])
        #expect(told == [.queued, .requiresAction, .requiresAction, .failed])
    }

    @Test func `90 000 006 answers 500 after it was executed`() async throws {
        #expect(try await story(90_000_006, seconds: [1, 2]) == [.queued, .inDoubt, .succeeded])
    }

    @Test func `90 000 007 tells of it before it answers, and twice`() async throws {
        try await TestServer.run { server in
            let (book, payment) = try await Self.payment(server, 200_000_000)
            let refund = try await Self.refund(server, book, payment, 90_000_007)
            try await server.advance(by: .seconds(1))
            var told = 0
            for _ in 0..<100_000 where told < 2 {
                await Task.yield()
                let facts = try await server.installation.store.evidence(of: refund.id, in: book)
                told = facts.count { $0.source == .notification }
            }
            #expect(told == 2)
            try await server.advance(by: .seconds(2))
            #expect(try await Self.seen(server, book, refund.id).status == .succeeded)
            #expect(try await server.installation.store.verify().isEmpty)
        }
    }

    @Test func `90 000 008 contradicts itself and goes to a person`() async throws {
        #expect(try await story(90_000_008, seconds: [1, Self.day]) == [.queued, .needsReview, .needsReview])
    }

    @Test func `90 000 009 waits a day for funds`() async throws {
        let told = try await story(90_000_009, seconds: [1, Self.day / 2, Self.day + 2, Self.day + 4])
        #expect(told.prefix(3) == [.queued, .queued, .queued])
        #expect(told.last == .succeeded)
    }

    @Test func `90 000 010 succeeds after it was declined and goes to a person`() async throws {
        #expect(try await story(90_000_010, seconds: [1, 7]) == [.queued, .failed, .needsReview])
    }

    @Test func `payments of one pot that are captured together all count in it`() async throws {
        try await TestServer.run { server in
            let book = try await server.engine.perform(CreateAccount(name: "main")).book(.test)
            let pounds = try #require(Currency(code: "GBP"))
            let pot = try await server.engine
                .perform(
                    CreatePot(
                        origin: Self.origin(book),
                        name: "Pot",
                        currency: pounds,
                        owner: nil,
                        metadata: [:],
                        facet: nil
                    )
                )
                .pot
            for _ in 0..<5 {
                var command = CreatePayment(origin: Self.origin(book), amount: 100, currency: nil)
                command.method = .mobile
                command.pot = ObjectName(.pot, pot.id.raw, in: book)
                _ = try await server.engine.perform(command)
            }
            try await server.advance(by: .seconds(1))
            let seen = try await server.engine.pot(ObjectName(.pot, pot.id.raw, in: book), dialect: "storno").pot
            #expect((seen.balance, seen.volume) == (500, 500))
            #expect(try await server.installation.store.verify().isEmpty)
        }
    }

    @Test func `a scenario is also chosen by name where there is metadata`() async throws {
        try await TestServer.run { server in
            let (book, payment) = try await Self.payment(server, 1000)
            let command = CreateRefund(
                origin: Self.origin(book),
                payment: ObjectName(.payment, payment.raw, in: book),
                amount: nil,
                metadata: ["scenario": "declined"]
            )
            let refund = try await server.engine.perform(command).refund
            try await server.advance(by: .seconds(1))
            #expect(try await Self.seen(server, book, refund.id).failure?.code == .declined)
        }
    }
}
