#if PostgreSQL
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@testable import PostgresStorage

extension NodesTests {
    @Test func `two nodes chain one trail at once, and pass over nothing that is committed late`() async throws {
        try await TwoNodes.run { nodes in
            let (slow, quick) = (try await nodes.first.payment(1000), try await nodes.first.payment(1000))
            try await nodes.second.store.writer.run { connection in
                try connection.script(
                    """
                    CREATE FUNCTION wait_a_second() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON refund DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW WHEN (NEW.amount = 10) EXECUTE FUNCTION wait_a_second();
                    """
                )
            }
            let late = Task { () async throws(EngineFailure) in try await nodes.first.refund(slow, 10) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<20 { _ = try await nodes.second.refund(quick, 20) }
                    _ = try await late.value
                }
                // The second node goes on deciding meanwhile: its chainer alone could not have the first one's place.
                for node in [nodes.second, nodes.second, nodes.second] {
                    group.addTask { for _ in 0..<20 { try await AuditChainer(engine: node.engine).work() } }
                }
                try await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await nodes.first.refund(nodes.first.payment(1000), 30) }
                    for node in [nodes.first, nodes.second] {
                        group.addTask { try await AuditChainer(engine: node.engine).work() }
                    }
                }
                try await group.waitForAll()
            }
            while try await nodes.first.store.verifyAudit(against: []).waiting.isEmpty == false {
                try await AuditChainer(engine: nodes.first.engine).work()
            }
            let report = try await nodes.second.store.verifyAudit(against: [])
            #expect(report.findings.isEmpty, "\(report.findings)")
            let events = try await nodes.first.store.events(in: EventRange(nodes.first.book, .oldestFirst, limit: 1000))
            // The account is told by an act.
            let head = try #require(try await nodes.first.store.auditHead(of: nodes.first.book))
            #expect(head.number == Int64(events.count) + 1)
            #expect(events.count > 60)
        }
    }

    @Test func `a chain that one node is at work on is left to it`() async throws {
        try await TwoNodes.run { nodes in
            let gate = Gate()
            var footprint = Footprint()
            footprint.auditHeads = [nodes.first.book]
            let wanted = footprint
            let book = nodes.first.book
            async let holder: Bool = nodes.first.store.transact(wanted) { set in
                gate.hold()
                return set.auditHead(of: book) != nil
            }
            await gate.isReached()
            #expect(try await nodes.second.store.transact(wanted) { $0.auditHead(of: book) } == nil)
            gate.open()
            let held = try await holder
            #expect(held)
            #expect(try await nodes.second.store.transact(wanted) { $0.auditHead(of: book) } == .beginning(of: book))
        }
    }
}
#endif
