#if PostgreSQL
import ConnectorKit
import Domain
import PostgresStorage
import Rows
import Storage
import TestSupport
import Testing

@testable import Engine

// Books with a time of their own, on two nodes.

extension NodesTests {
    private static func origin(_ nodes: TwoNodes) -> Origin {
        Origin(book: nodes.first.book, actor: Actor(.operator, "ada"), requestID: nil, dialect: "storno")
    }

    @Test func `a clock waits for what is under way in its book, and then has it all`() async throws {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(1000)
            let creation = nodes.first.creation(payment, 10)
            let gate = Gate()
            let holding = creation.footprint
            async let holder: Void = nodes.first.store.transact(holding) { _ in gate.hold() }
            await gate.isReached()
            async let created = nodes.first.engine.perform(creation).refund
            async let frozen = nodes.second.engine.perform(FreezeClock(origin: Self.origin(nodes)))
            try await Task.sleep(for: .milliseconds(50))
            gate.open()
            try await holder
            let refund = try await created
            let clock = try await frozen
            let later = clock.moment.adding(.seconds(3600))
            let kind = DueWork.Kind.refundsToSend(connector: "scripted")
            for book in [nil, nodes.first.book] {
                var footprint = Footprint()
                let work = DueWork(kind, of: book, at: later, limit: 10)
                footprint.due = [work]
                let wanted = footprint
                let found = try await nodes.second.store.transact(wanted) { $0.due(work) }
                #expect(found == (book == nil ? [] : [refund.id.raw]))
            }
            #expect(try await nodes.first.store.verify().isEmpty)
        }
    }

    @Test func `both nodes go by a clock that one of them moved`() async throws {
        let connector = ScriptedConnector(submissions: [.answered(.init(claim: .succeeded, reference: "p1"))])
        try await TwoNodes.run(connector) { nodes in
            let payment = try await nodes.first.payment(1000)
            let frozen = try await nodes.first.engine.perform(FreezeClock(origin: Self.origin(nodes)))
            let refund = try await nodes.second.refund(payment, 10)
            #expect(refund.createdAt == frozen.moment)
            let target = frozen.moment.adding(.seconds(7200))
            _ = try await nodes.first.engine.perform(AdvanceClock(origin: Self.origin(nodes), .to(target)))
            let arrived = try await nodes.second.engine.arrive(nodes.first.book)
            #expect(arrived.clock.frozenAt == target)
            #expect(arrived.clock.advancingTo == nil)
            let name = ObjectName(.refund, refund.id.raw, in: nodes.first.book)
            let told = try await nodes.first.engine.refund(name, dialect: "storno").refund
            #expect(told.status == .succeeded)
            #expect(try await nodes.first.refund(payment, 20).createdAt == target)
        }
    }

    @Test func `one node at a time moves a clock, and another once that one is gone`() async throws {
        try await TwoNodes.run { nodes in
            _ = try await nodes.first.payment(1000)
            let book = nodes.first.book
            _ = try await nodes.first.engine.perform(AdvanceClock(origin: Self.origin(nodes), .by(seconds: 60)))
            let held = try await nodes.first.engine.perform(HoldClock(book: book, holder: nil))
            #expect(held?.holder != nil)
            let far = nodes.clock.now.adding(.seconds(1_000_000))
            #expect(try await nodes.second.engine.drive(book, until: far) == nil)
            nodes.clock.advance(by: HoldClock.lease)
            let left = try await nodes.second.engine.drive(book, until: far)
            #expect(left?.advancingTo == nil)
            #expect(try await nodes.first.store.clock(of: book)?.holder == nil)
        }
    }
}
#endif
