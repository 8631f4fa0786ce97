import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct ClockTests {
    private static func origin(_ test: TestEngine) -> Origin { test.operatorOrigin }

    @Test func `a clock that was on its way when its process died goes on in the next`() async throws {
        let paid = ProcessorAnswer(claim: .succeeded, reference: "p1")
        let connector = ScriptedConnector(submissions: [.answered(paid)])
        try await TestDatabase.chosen.withStore { store in
            let refund = try await TestEngine.run(connector: connector, with: store) { test in
                let refund = try await test.refund(test.payment(1000), 300)
                _ = try await test.engine.perform(AdvanceClock(origin: Self.origin(test), .by(seconds: 86_400)))
                return refund.id
            }
            try await TestEngine.run(connector: connector, with: store) { test in
                #expect(try await test.refund(refund).status == .queued)
                let far = test.clock.now.adding(.seconds(1_000_000))
                let clock = try #require(try await test.engine.drive(test.book, until: far))
                #expect(clock.advancingTo == nil)
                #expect(clock.frozenAt == test.clock.now.adding(.seconds(86_400)))
                let told = try await test.refund(refund)
                #expect(told.status == .succeeded)
                #expect(try #require(told.succeededAt) < test.clock.now.adding(.seconds(60)))
                #expect(try await test.store.verify().isEmpty)
            }
        }
    }

    @Test func `a call that died with its process is taken up by the book's own time`() async throws {
        let connector = ScriptedConnector(submissions: [], inquiries: [])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(test.payment(1000), 300)
            let start = test.clock.now
            _ = try await test.engine.perform(FreezeClock(origin: Self.origin(test), at: start.adding(.seconds(100))))
            let now = start.adding(.seconds(100))
            let claims = try await test.engine.perform(
                ClaimRefunds(connector: "scripted", of: test.book, at: now, limit: 10)
            )
            #expect(claims.map(\.order.refund) == [refund.id])
            #expect(claims.first?.claimedAt == now)
            #expect(try await test.engine.perform(RecoverAttempts(limit: 10)) == 0)
            #expect(try await test.engine.perform(RecoverAttempts(of: test.book, limit: 10)) == 1)
            let found = try await test.refund(refund.id)
            #expect(found.status == .inDoubt)
            #expect(found.updatedAt == now)
            #expect(try #require(found.dueAt) < now.adding(.seconds(86_400)))
        }
    }

    @Test func `workers leave a book with a time of its own alone`() async throws {
        let connector = ScriptedConnector(submissions: [])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(test.payment(1000), 300)
            _ = try await test.engine.perform(FreezeClock(origin: Self.origin(test)))
            try await test.advance(by: .seconds(864_000))
            #expect(try await test.refund(refund.id).status == .queued)
            #expect(connector.submitted.isEmpty)
        }
    }

    @Test func `the true time is not pushed on by a book that is ahead`() async throws {
        try await TestEngine.run(connector: ScriptedConnector(submissions: [])) { test in
            let year = Int64(365 * 86_400)
            _ = try await test.engine.perform(AdvanceClock(origin: Self.origin(test), .by(seconds: year)))
            _ = try await test.engine.arrive(test.book)
            let ahead = try await test.payment(1000)
            #expect(ahead.raw >> 80 == UInt128(test.clock.now.adding(.seconds(year)).milliseconds))
            let second = try await test.payment(1000)
            #expect(second > ahead)
            #expect(test.engine.execution.moment == test.clock.now)
            let other = try await test.engine.perform(CreateAccount(name: "other"))
            #expect(other.createdAt == test.clock.now)
            var command = CreatePayment(
                origin: Origin(
                    book: other.book(.test),
                    actor: Actor(.key, "k"),
                    requestID: nil,
                    dialect: "storno"
                ),
                amount: 5,
                currency: Currency(code: "EUR")
            )
            command.method = .card
            let made = try await test.engine.perform(command).payment
            #expect(made.createdAt == test.clock.now)
            #expect(made.id.raw >> 80 == UInt128(test.clock.now.milliseconds))
            #expect(try await test.store.latestMoment() ?? test.clock.now <= test.clock.now)
        }
    }
}
