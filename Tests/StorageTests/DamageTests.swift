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

/// A row that a disk has changed is never decided or answered from, and is in nobody else's way.
@Suite struct DamageTests {
    @Test(arguments: [
        "UPDATE payment SET currency = 'none' WHERE id = ?", "UPDATE payment SET captured = 1 << 61 WHERE id = ?",
        "UPDATE payment SET state = 'nowhere' WHERE id = ?", "UPDATE payment SET exponent = 40 WHERE id = ?",
        "UPDATE payment SET metadata = '{' WHERE id = ?",
    ])
    func `a damaged row fails those who ask for it alone`(damage: String) async throws {
        let refusal = ProcessorAnswer(claim: .refused, failure: RefundFailure(.declined))
        try await TestEngine.run(
            connector: ScriptedConnector(submissions: [.answered(refusal)]),
            on: .sqlite
        ) { test in
            let damaged = try await test.payment(1000)
            let whole = try await test.payment(1000)
            try spoil(test.store.place, damage, damaged.data)
            await #expect(throws: StoreFailure.self) {
                try await test.store.payments([damaged], in: test.book, dialect: "storno")
            }
            // Some of these share a transaction.
            let taken = await withTaskGroup(of: Bool.self) { group in
                for payment in [whole, damaged, whole, damaged, whole] {
                    group.addTask { (try? await test.refund(payment, 10)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == 3)
            #expect(try await !test.store.verify().isEmpty)
        }
    }

    @Test func `a damaged row that is due holds up no other`() async throws {
        let connector = ScriptedConnector(
            submissions: Array(repeating: .answered(ProcessorAnswer(claim: .succeeded, reference: "ref")), count: 10)
        )
        try await TestEngine.run(connector: connector, on: .sqlite) { test in
            let payment = try await test.payment(1000)
            let refunds = try await [test.refund(payment, 10), test.refund(payment, 20), test.refund(payment, 30)]
            try spoil(test.store.place, "UPDATE refund SET currency = 'e' WHERE id = ?", refunds[0].id.data)
            try await test.advance(by: .seconds(1))
            let whole = [refunds[1].id, refunds[2].id]
            let statuses = try await test.store.refunds(whole, in: test.book, dialect: "storno").map(\.refund.status)
            #expect(statuses == [.succeeded, .succeeded])
            // Nobody is woken for it again and again.
            #expect(try await test.store.nextDue(.refundsToSend(connector: connector.name)) == nil)
        }
    }

    private func spoil(_ path: String, _ sql: String, _ id: Data) throws {
        try DatabaseQueue(path: path)
            .writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
                let triggers = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger)") }
                try db.execute(sql: sql, arguments: [id])
                #expect(db.changesCount == 1)
            }
    }
}

extension Identifier {
    fileprivate var data: Data { withUnsafeBytes(of: raw.bigEndian) { Data($0) } }
}
