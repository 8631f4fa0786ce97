import ConnectorKit
import Domain
import Engine
import Foundation
import GRDB
import Rows
import SQLiteStorage
import Storage
import TestSupport
import Testing

/// Each rule of `storno verify` sees what breaks it.
@Suite struct VerificationTests {
    /// One way to spoil the books, and the rule that has to see it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let check: String
        let sql: String

        var testDescription: String { "\(check): \(sql)" }

        init(_ check: String, _ sql: String) {
            self.check = check
            self.sql = sql
        }
    }

    static let tamperings = [
        Tampering("append_only", "DROP TRIGGER entry_is_not_removed"),
        Tampering("append_only", "DROP TRIGGER event_is_not_changed"),
        Tampering("append_only", "DROP TRIGGER audit_entry_is_not_removed"),
        Tampering("unique", "DROP INDEX dispute_known_once"),
        Tampering("audit_trail", "INSERT INTO audit_entry VALUES (1, 1, 1, NULL, zeroblob(32))"),
        Tampering("references", "UPDATE refund SET payment = zeroblob(16) WHERE status = 'in_doubt'"),
        Tampering("payment_amounts", "UPDATE payment SET excess = 5"),
        Tampering("payment_amounts", "UPDATE payment SET authorized = captured - 1"),
        Tampering("payment_excess", "UPDATE payment SET excess = 5"),
        Tampering("payment_captured", "UPDATE capture SET amount = amount + 1"),
        Tampering("payment_refunds", "UPDATE payment SET refund_count = refund_count + 1"),
        Tampering("payment_refunds", "UPDATE payment SET reserved = reserved + 1"),
        Tampering("payment_refunds", "UPDATE refund SET amount = amount + 1 WHERE status = 'succeeded'"),
        Tampering("payment_disputes", "UPDATE dispute SET amount = amount + 1 WHERE state = 'open'"),
        Tampering("pot_balance", "UPDATE pot SET balance = balance + 1"),
        Tampering("tally_of_payments", "DELETE FROM tally WHERE name = 'payments'"),
        Tampering("tally_of_refunds", "UPDATE tally SET amount = amount + 1 WHERE name = 'refunds'"),
        Tampering("payment_of_refund", "UPDATE refund SET currency = 'USD' WHERE status = 'failed'"),
        Tampering("payment_of_refund", "UPDATE refund SET payment = zeroblob(16) WHERE status = 'in_doubt'"),
        Tampering("due_of_refund", "UPDATE refund SET due_at = NULL WHERE status = 'in_doubt'"),
        Tampering("clock_of_refund", "UPDATE refund SET on_clock = 1 WHERE status = 'in_doubt'"),
        Tampering("clock_of_payment", "UPDATE payment SET due_at = 1, on_clock = 1"),
        Tampering("clock_of_refund", "INSERT INTO test_clock (book, frozen_at, ahead) VALUES (1, 5, 0)"),
        Tampering(
            "external_once",
            "UPDATE refund SET processor_reference = 're_past' WHERE kind = 'refund' AND status = 'succeeded'"
        ),
        Tampering(
            "object_of_idempotency_key",
            "INSERT INTO idempotency VALUES (1, 'k', zeroblob(32), 'x', 'refund', zeroblob(16), 0)"
        ),
        Tampering("attempts_of_refund", "DELETE FROM attempt"),
        Tampering("attempt_in_flight", "UPDATE refund SET attempts = 0 WHERE status = 'in_doubt'"),
        Tampering("attempt_of_evidence", "UPDATE attempt SET started_at = started_at + 1000000000"),
        Tampering("attempt_of_evidence", "DELETE FROM attempt"),
        Tampering("evidence_of_outcome", "DELETE FROM evidence WHERE claim = 'succeeded'"),
        Tampering("evidence_of_outcome", "DELETE FROM evidence WHERE claim = 'refused'"),
        Tampering("entries_of_payment", "UPDATE entry SET amount = amount + 1 WHERE cause_kind = 'payment'"),
        Tampering("entries_of_refund", "UPDATE entry SET amount = amount + 1 WHERE cause_kind = 'refund'"),
        Tampering("entries_of_refund", "DELETE FROM entry WHERE debit = 3"),
        Tampering("entries_of_dispute", "DELETE FROM entry WHERE cause_kind = 'dispute'"),
        Tampering("accounts_of_entry", "UPDATE entry SET debit = 5 WHERE cause_kind = 'dispute' AND debit = 2"),
        Tampering("accounts_of_entry", "UPDATE entry SET credit = 4 WHERE cause_kind = 'refund' AND credit = 3"),
        Tampering(
            "cause_of_entry",
            "UPDATE entry SET cause = zeroblob(16) WHERE cause_kind = 'payment' AND amount = 500"
        ),
        Tampering("cause_of_entry", "UPDATE entry SET currency = 'USD' WHERE cause_kind = 'refund'"),
        Tampering("cause_of_entry", "UPDATE entry SET cause_kind = 'pot' WHERE cause_kind = 'dispute'"),
        Tampering("event_of_entry", "UPDATE entry SET sequence = sequence + 50 WHERE cause_kind = 'refund'"),
        Tampering("accounts_of_entry", "UPDATE entry SET debit = 9 WHERE cause_kind = 'dispute' AND debit = 2"),
        Tampering("trial_balance", "UPDATE entry SET debit = 9 WHERE cause_kind = 'dispute' AND debit = 2"),
        Tampering("trial_balance", "UPDATE entry SET amount = amount + 1 WHERE credit = 3"),
        Tampering("trial_balance", "DELETE FROM entry WHERE credit = 4"),
        Tampering("trial_balance", "UPDATE payment SET disputed = disputed + 1"),
        Tampering("events_of_payment", "DELETE FROM event WHERE kind = 'payment'"),
        Tampering("events_of_refund", "DELETE FROM event WHERE kind = 'refund' AND sequence = 2"),
        Tampering("events_of_dispute", "DELETE FROM event WHERE type = 'dispute.won'"),
        Tampering(
            "object_of_event",
            """
            INSERT INTO event (book, object, sequence, kind, type, at, actor_kind, actor, part)
            VALUES (1, zeroblob(16), 1, 'refund', 'refund.created', 0, 'system', 'x', '{"status":"queued"}')
            """
        ),
        Tampering("status_in_newest_event", "UPDATE refund SET status = 'failed' WHERE status = 'in_doubt'"),
        Tampering("amount_in_newest_event", "UPDATE dispute SET amount = amount - 1 WHERE state = 'won'"),
        Tampering("authorized_in_newest_event", "UPDATE payment SET authorized = authorized + 1"),
        Tampering("captured_in_newest_event", "UPDATE payment SET captured = captured - 1"),
        Tampering("seals", "INSERT INTO person VALUES (1, zeroblob(16), zeroblob(60))"),
        Tampering("seals", "INSERT INTO note VALUES (1, zeroblob(16), 'comment', 'refund', zeroblob(60))"),
        Tampering("search", "UPDATE refund SET processor_reference = 'other' WHERE kind = 'refund'"),
        Tampering("search", "DELETE FROM search_entry WHERE kind = 'payment'"),
        Tampering("search", "UPDATE search_entry SET terms = terms || ' 1_p_more' WHERE kind = 'dispute'"),
        Tampering("search", "INSERT INTO search_entry VALUES (999, 1, zeroblob(16), 'refund', '1_r_x')"),
        Tampering("search_index", "INSERT INTO search_index (search_index) VALUES ('delete-all')"),
        Tampering("search_index", "INSERT INTO search_entry VALUES (999, 1, zeroblob(16), 'refund', '1_r_x')"),
        Tampering("seals", "UPDATE webhook_endpoint SET sealed = zeroblob(60)"),
        Tampering("seals", "UPDATE delivery_attempt SET sealed = zeroblob(60) WHERE outcome = 'refused'"),
        Tampering("unique", "DROP INDEX delivery_head"),
        Tampering("append_only", "DROP TRIGGER delivery_attempt_is_not_changed"),
        Tampering("references", "UPDATE delivery SET endpoint = zeroblob(16) WHERE state = 'delivered'"),
        Tampering("events_of_webhook_endpoint", "DELETE FROM event WHERE kind = 'webhook_endpoint'"),
        Tampering("status_of_webhook_endpoint", "UPDATE webhook_endpoint SET status = 'disabled'"),
        Tampering("event_of_delivery", "UPDATE delivery SET sequence = sequence + 50 WHERE state = 'pending'"),
        Tampering("event_of_delivery", "UPDATE delivery SET type = 'refund.failed' WHERE state = 'delivered'"),
        Tampering("mark_of_endpoint", "DELETE FROM webhook_mark"),
        Tampering(
            "head_of_lane",
            "UPDATE delivery SET state = 'delivered', due_at = NULL, ended_at = 0 WHERE state = 'pending'"
        ),
        Tampering("order_of_lane", "UPDATE delivery SET attempts = 0 WHERE state = 'delivered'"),
        Tampering("attempts_of_delivery", "DELETE FROM delivery_attempt"),
        Tampering("attempts_of_delivery", "UPDATE delivery SET failures = 9"),
        Tampering("outcome_of_delivery", "UPDATE delivery_attempt SET status = 301 WHERE outcome = 'delivered'"),
        Tampering("state_in_newest_event", "UPDATE dispute SET state = 'lost' WHERE state = 'open'"),
        Tampering(
            "walks",
            """
            UPDATE event SET part = '{"status":"canceled"}', type = 'refund.canceled' WHERE type = 'refund.dispatching'
            """
        ),
        Tampering("walks", "UPDATE event SET type = 'refund.failed' WHERE type = 'refund.succeeded'"),
        Tampering("walks", "UPDATE event SET type = 'refund.queued' WHERE type = 'refund.created'"),
        Tampering("walks", "DELETE FROM event WHERE kind = 'refund' AND sequence = 2"),
        Tampering("walks", #"UPDATE event SET type = 'dispute.updated' WHERE type = 'dispute.won'"#),
        Tampering("walks", #"UPDATE event SET part = '{"state":"open"}' WHERE type = 'dispute.won'"#),
    ]

    @Test(arguments: tamperings)
    func `a rule sees what breaks it`(tampering: Tampering) async throws {
        try await withBooks { store in
            let before = try await store.verify()
            #expect(before.isEmpty)
            try tamper(with: store.path, tampering.sql)
            let found = Set(try await store.verify().map(\.check))
            #expect(found.contains(tampering.check), "found only \(found.sorted())")
        }
    }

    @Test func `no rule goes untried`() async throws {
        let names = try await withBooks { $0.checkNames }
        #expect(Set(Self.tamperings.map(\.check)).union(["file", "log"]) == Set(names))
        #expect(Set(names).count == names.count)
    }

    @Test func `a damaged page of the file is seen`() async throws {
        try await withBooks { store in
            let (root, size) = try await DatabaseQueue(path: store.path)
                .writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                    let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'sandbox_operation'"
                    return (try Int.fetchOne(db, sql: sql), try Int.fetchOne(db, sql: "PRAGMA page_size"))
                }
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: store.path))
            try file.seek(toOffset: UInt64((try #require(root) - 1) * (try #require(size))))
            try file.write(contentsOf: Data(repeating: 0xFF, count: 8))
            try file.close()
            let found = try await SQLiteStore(reading: store.path, secrets: .ofTests).verify().map(\.check)
            #expect(Set(found) == ["file"])
        }
    }

    @Test func `a rule that cannot be followed is a finding`() async throws {
        try await withBooks { store in
            try tamper(with: store.path, "DROP INDEX refund_by_payment")
            #expect(try await store.verify().map(\.check).contains("payment_refunds"))
        }
    }

    @Test func `a finding names the book and the object`() async throws {
        try await withBooks { store in
            try tamper(with: store.path, "UPDATE refund SET due_at = NULL WHERE status = 'in_doubt'")
            let finding = try #require(try await store.verify().first)
            #expect((finding.check, finding.book, finding.subject.utf8.count) == ("due_of_refund", 1, 32))
        }
    }

    @Test(arguments: [
        ("UPDATE entry SET debit = 9 WHERE debit = 4", "account 9"),
        ("UPDATE payment SET disputed = 0 WHERE disputed > 0", "disputesHeld"),
    ])
    func `the trial balance names what the payments do not say`(sql: String, account: String) async throws {
        try await withBooks { store in
            #expect(try await store.imbalances(of: nil).isEmpty)
            try tamper(with: store.path, sql)
            let found = try await store.imbalances(of: Book(1))
            #expect(found.contains { $0.account == account && $0.held != $0.owed })
            #expect(try await store.imbalances(of: Book(2)).isEmpty)
            let balances = TrialBalance.group(try await store.totals(of: Book(1)))
            #expect(balances.allSatisfy(\.isBalanced) == (account != "account 9"))
        }
    }

    @Test func `of each rule only so many findings are told`() async throws {
        try await withBooks { store in
            try tamper(with: store.path, "UPDATE payment SET refund_count = refund_count + 1")
            let told = try await store.verify(limit: 1)
            #expect(told.map(\.check) == ["payment_refunds"])
        }
    }

    /// Books with refunds that ended well, badly and not yet, one from outside, a pot, and disputes open and won.
    private func withBooks<Value: Sendable>(
        _ body: @Sendable @escaping (SQLiteStore) async throws -> Value
    ) async throws -> Value {
        let refusal = ProcessorAnswer(claim: .refused, failure: RefundFailure(.declined))
        let paid = ProcessorAnswer(claim: .succeeded, reference: "ref")
        let connector = ScriptedConnector(
            submissions: [.answered(paid), .answered(refusal), .unknown("timeout")],
            inquiries: Array(repeating: .unknown("down"), count: 100)
        )
        return try await TestEngine.run(connector: connector, on: .sqlite) { test in
            try await endpoint(test)
            let pounds = try #require(Currency(code: "GBP"))
            let make = CreatePot(
                origin: test.origin,
                name: "Pot",
                currency: pounds,
                owner: nil,
                metadata: [:],
                facet: nil
            )
            let pot = try await test.engine.perform(make).pot.id
            let payment = try await test.payment(1000, pot: pot)
            for amount in [100, 200, 300] as [Int64] {
                _ = try await test.refund(payment, amount)
                try await test.advance(by: .seconds(1))
            }
            let name = ObjectName(.payment, payment.raw, in: test.book)
            let amount = try #require(Amount(minorUnits: 50))
            _ = try await test.engine.perform(
                RecordExternalRefund(origin: test.origin, payment: name, amount: amount, processorReference: "re_past")
            )
            let disputed = try await test.payment(500)
            for reference in ["dp_1", "dp_2"] {
                let open = OpenDispute(
                    origin: test.origin,
                    payment: ObjectName(.payment, disputed.raw, in: test.book),
                    amount: amount,
                    reference: reference
                )
                let dispute = ObjectName(.dispute, try await test.engine.perform(open).id.raw, in: test.book)
                guard reference == "dp_2" else { continue }
                let close = CloseDispute(origin: test.origin, dispute: dispute, state: .won)
                _ = try await test.engine.perform(close)
            }
            try await tell(test)
            return try await body(try #require(test.store as? SQLiteStore))
        }
    }

    private func endpoint(_ test: TestEngine) async throws {
        _ = try await test.engine.perform(
            CreateWebhookEndpoint(
                origin: test.origin,
                target: WebhookTarget(url: "https://example.com/", label: nil, key: .fresh()),
                types: ["refund.*"],
                apiVersion: "v1",
                mark: EventPlace(transaction: 0, number: 0)
            )
        )
    }

    /// Of each refund the first event is delivered and the second failed: the others wait.
    private func tell(_ test: TestEngine) async throws {
        let work = try #require(try await test.engine.webhookWork().first)
        let name = ObjectName(.webhookEndpoint, work.name.endpoint.raw, in: test.book)
        let events = try await test.engine.events(
            in: EventRange(test.book, .oldestFirst, after: work.mark, limit: 1000, isSettled: true)
        )
        let endpoint = try await test.engine.webhookEndpoint(name)
        _ = try await test.engine.perform(FanOutEvents(endpoint: endpoint, from: work.mark, events: events))
        for status in [200, 500] as [Int64] {
            let claims = try await test.engine.perform(ClaimDeliveries(work.name, at: test.clock.now, limit: 100))
            #expect(!claims.isEmpty)
            for claim in claims {
                var answer = DeliveryAnswer(status == 200 ? .delivered : .refused, durationMilliseconds: 1)
                answer.status = status
                answer.body = Array("said".utf8)
                _ = try await test.engine.perform(RecordDelivery(claim: claim, answer: answer))
            }
        }
    }

    /// Writes past every defence of the schema, and leaves the defences as they were.
    private func tamper(with path: String, _ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            if sql.hasPrefix("DROP") { return try db.execute(sql: sql) }
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            try db.execute(sql: sql)
            #expect(db.changesCount > 0, "nothing was spoiled")
            for trigger in triggers { try db.execute(sql: trigger["sql"] as String) }
        }
    }
}
