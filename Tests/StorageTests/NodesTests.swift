#if PostgreSQL
import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@testable import PostgresStorage

/// What holds between processes that share one PostgreSQL database.
@Suite struct NodesTests {
    @Test func `two nodes together never refund more than was captured`() async throws {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(300)
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<80 {
                    let node = number % 2 == 0 ? nodes.first : nodes.second
                    group.addTask { (try? await node.refund(payment, 10)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 30)
            #expect(try await nodes.first.store.verify().isEmpty)
        }
    }

    @Test func `many payments of one batch on two nodes wait for each other in no circle`() async throws {
        try await TwoNodes.run { nodes in
            var payments: [Payment.ID] = []
            for _ in 0..<12 { payments.append(try await nodes.first.payment(100_000)) }
            let all = payments
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<240 {
                    let node = number % 2 == 0 ? nodes.first : nodes.second
                    // One from the front, the other from the back.
                    let place = number % 2 == 0 ? number / 2 % 12 : 11 - number / 2 % 12
                    group.addTask { (try? await node.refund(all[place], 10)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 240)
            #expect(try await nodes.second.store.verify().isEmpty)
        }
    }

    @Test func `one idempotency key on two nodes makes one refund`() async throws {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(1000)
            let once = Once(key: "key-1", fingerprint: Digest256(Array(repeating: 1, count: 32)), fingerprintKeyID: "k")
            let answers = await withTaskGroup(of: [UInt8]?.self) { group in
                for number in 0..<20 {
                    let node = number % 2 == 0 ? nodes.first : nodes.second
                    let command = node.creation(payment, 10)
                    group.addTask {
                        try? await node.engine
                            .answer(command, in: node.book, once: once) { details in
                                Array("\(details.refund.id.raw)".utf8)
                            }
                            .body
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            // Others are told that the first is still being answered.
            #expect(Set(answers.compactMap(\.self)).count == 1)
            let refunds = Listing.refunds(
                nodes.first.book,
                payment: payment,
                customer: nil,
                pot: nil,
                hiddenIn: "storno"
            )
            #expect(try await nodes.second.store.keys(of: refunds, in: KeyRange(.oldestFirst, limit: 9)).count == 1)
        }
    }

    @Test func `a natural key that two nodes want at once is one's`() async throws {
        try await TwoNodes.run { nodes in
            for round in 0..<10 {
                let taken = await withTaskGroup(of: Result<Payment.ID, any Error>.self) { group in
                    for node in [nodes.first, nodes.second] {
                        group.addTask {
                            do {
                                return .success(try await node.payment(100, by: "order-\(round)"))
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let made = taken.compactMap { try? $0.get() }
                #expect(made.count == 1, "\(taken)")
                guard let other = made.first else { continue }
                for case .failure(let failure) in taken {
                    #expect(failure as? EngineFailure == .rejected(.uniqueReferenceTaken(by: other)))
                }
            }
        }
    }

    @Test func `due work that one node has in its hands is not given to another, and holds up none`() async throws {
        try await TwoNodes.run { nodes in
            let (held, free) = (try await nodes.first.payment(1000), try await nodes.first.payment(1000))
            _ = try await nodes.first.refund(held, 10)
            let other = try await nodes.first.refund(free, 20)
            let work = DueWork(
                .refundsToSend(connector: "scripted"),
                at: nodes.clock.now.adding(.seconds(3600)),
                limit: 10
            )
            var footprint = Footprint()
            footprint.due = [work]
            let wanted = footprint
            var payment = Footprint()
            payment.objects = [ObjectName(.payment, held.raw, in: nodes.first.book)]
            let gate = Gate()
            let holding = payment
            async let holder: Void = nodes.first.store.transact(holding) { _ in gate.hold() }
            await gate.isReached()
            let found = try await nodes.second.store.transact(wanted) { $0.due(work) }
            gate.open()
            try await holder
            #expect(found == [other.id.raw])
            #expect(try await nodes.second.store.transact(wanted) { $0.due(work) }.count == 2)
        }
    }

    @Test func `work that is committed late is not passed over`() async throws {
        try await TwoNodes.run { nodes in
            let (early, late) = (try await nodes.first.payment(1000), try await nodes.first.payment(1000))
            let gate = Gate()
            let creation = nodes.first.creation(early, 10)
            // The first transaction has its numbers and its times before the second, and is committed after it.
            let name = ObjectName(.payment, early.raw, in: nodes.first.book)
            var footprint = Footprint()
            footprint.objects = [name]
            let wanted = footprint
            async let slow: Void = nodes.first.store.transact(wanted) { _ in gate.hold() }
            await gate.isReached()
            async let first = nodes.first.engine.perform(creation).refund
            let second = try await nodes.second.refund(late, 20)
            let kind = DueWork.Kind.refundsToSend(connector: "scripted")
            let work = DueWork(kind, at: nodes.clock.now.adding(.seconds(3600)), limit: 10)
            var due = Footprint()
            due.due = [work]
            let asked = due
            #expect(try await nodes.second.store.transact(asked) { $0.due(work) } == [second.id.raw])
            gate.open()
            try await slow
            let added = try await first
            #expect(
                Set(try await nodes.second.store.transact(asked) { $0.due(work) }) == [second.id.raw, added.id.raw]
            )
        }
    }

    @Test func `what was committed before the connection broke is found again, what was not is given back`()
        async throws
    {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(1000)
            // The end of the transaction takes a second, in which its connection is cut.
            try await nodes.second.store.writer.run { connection in
                try connection.script(
                    """
                    CREATE FUNCTION wait_a_second() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON refund DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION wait_a_second();
                    """
                )
            }
            let refund = Task { () async throws(EngineFailure) in try await nodes.first.refund(payment, 10) }
            var cut = 0
            let end = ContinuousClock.now + .seconds(20)
            while cut == 0, ContinuousClock.now < end {
                cut = try await nodes.second.store.writer.run { connection in
                    let sql = """
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity a
                        WHERE query = 'COMMIT' AND state = 'active' AND pid <> pg_backend_pid()
                            AND EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid
                                AND l.relation = 'refund'::regclass)
                        """
                    return try connection.execute(Statement(sql)).map(of: "locks") { Int(try $0.integer()) }.first ?? 0
                }
            }
            await #expect(throws: EngineFailure.storageUnavailable) { try await refund.value }
            try await nodes.second.store.writer.run { try $0.script("DROP TRIGGER slow ON refund") }
            let book = nodes.first.book
            let listing = Listing.refunds(book, payment: payment, customer: nil, pot: nil, hiddenIn: "storno")
            #expect(try await nodes.first.store.keys(of: listing, in: KeyRange(.oldestFirst, limit: 9)).isEmpty)
            // The node goes on by itself.
            _ = try await nodes.first.refund(payment, 10)
            #expect(try await nodes.first.store.verify().isEmpty)
        }
    }

    @Test func `connections that were lost while nobody used them are nobody's business`() async throws {
        try await TwoNodes.run { nodes in
            let (store, killer) = (nodes.first.store, nodes.second.store)
            let payment = try await nodes.first.payment(1000)
            let own = Statement("SELECT pg_backend_pid()::int8")
            let number = { @Sendable (connection: PostgresConnection) throws in
                try connection.execute(own).map(of: "processes") { try $0.integer() }[0]
            }
            let reader = try await store.reading(number)
            let writer = try await store.writer.run(number)
            for process in [reader, writer] {
                let end = Statement("SELECT pg_terminate_backend($1::int8::int4)::text", [.value(.number(process))])
                try await killer.writer.run { _ = try $0.execute(end) }
            }
            _ = try await nodes.first.refund(payment, 10)
            for _ in 0..<4 { #expect(try await store.reading(number) != reader) }
            #expect(try await store.writer.run(number) != writer)
        }
    }

    @Test func `a node whose row is gone makes it again`() async throws {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(1000)
            try await nodes.second.store.writer.run { connection in
                try connection.script("DELETE FROM node")
            }
            _ = try await nodes.first.refund(payment, 10)
            let rows = try await nodes.second.store.writer.run { connection in
                try connection.execute(Statement("SELECT batch FROM node")).map(of: "node") { try $0.integer() }
            }
            #expect(rows.count == 1 && rows.allSatisfy { $0 > 0 })
        }
    }

    @Test func `a reader of events that never looks back passes over none that is committed late`() async throws {
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
            let end = ContinuousClock.now + .seconds(20)
            var isCommitting = false
            while !isCommitting, ContinuousClock.now < end {
                isCommitting = try await nodes.second.store.writer.run { connection in
                    let sql =
                        "SELECT 1::int8 FROM pg_locks WHERE relation = 'refund'::regclass AND mode = 'RowExclusiveLock'"
                    return try connection.execute(Statement(sql)).count > 0
                }
            }
            try #require(isCommitting, "the first refund was never seen to be committed")
            let early = try await nodes.second.refund(quick, 20).id
            let book = nodes.first.book
            let naive = try await nodes.second.store.events(in: EventRange(book, .newestFirst, limit: 1))
            #expect(naive.first?.event.object.id == early.raw, "the first to be committed is there alone")
            var (seen, place): ([UInt128], EventPlace?) = ([], nil)
            while seen.count < 2, ContinuousClock.now < end {
                let range = EventRange(book, .oldestFirst, after: place, types: ["refund.*"], limit: 9, isSettled: true)
                for found in try await nodes.second.store.events(in: range) {
                    seen.append(found.event.object.id)
                    place = found.place
                }
            }
            #expect(seen == [try await late.value.id.raw, early.raw])
        }
    }

    @Test func `a key that was just made on one node is known to the other`() async throws {
        try await TwoNodes.run { nodes in
            let engine = nodes.second.engine
            for number in 0..<10 {
                let credential = "sk_test_credential_\(number)"
                #expect(await engine.canTell(credential))
                #expect(engine.directory.key(for: credential) == nil)
                _ = try await nodes.first.engine.perform(
                    CreateKey(
                        account: "main",
                        mode: .test,
                        dialect: "storno",
                        credential: credential,
                        prefix: "sk_",
                        scopes: []
                    )
                )
                async let one = engine.canTell(credential)
                async let other = engine.canTell(credential)
                #expect(await (one, other) == (true, true))
                #expect(engine.directory.key(for: credential) != nil)
            }
        }
    }

    @Test func `a key that is revoked on one node counts on the other`() async throws {
        try await TwoNodes.run { nodes in
            let credential = "sk_test_some_credential_of_a_test"
            let watch = Task { await DirectoryWatch(engine: nodes.second.engine).run() }
            let bell = Task { await nodes.second.store.attend() }
            let teller = Task { await nodes.first.store.attend() }
            defer { for task in [watch, bell, teller] { task.cancel() } }
            _ = try await nodes.first.engine.perform(
                CreateKey(
                    account: "main",
                    mode: .test,
                    dialect: "storno",
                    credential: credential,
                    prefix: "sk_",
                    scopes: []
                )
            )
            while nodes.second.engine.directory.key(for: credential) == nil { await Task.yield() }
            _ = try await nodes.first.engine.perform(RevokeKey(hash: Directory.hash(of: credential)))
            while nodes.second.engine.directory.key(for: credential) != nil { await Task.yield() }
        }
    }
}
#endif
