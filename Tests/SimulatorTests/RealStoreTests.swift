import Domain
import Rows
import Storage
import TestSupport
import Testing

@testable import Simulator

/// What happened in simulated worlds, carried out again on the real databases: each transaction has to get the rows that
/// it got in the world, and to leave books that `storno verify` finds nothing in.
@Suite struct RealStoreTests {
    @Test(arguments: 1...10)
    func `SQLite gives and keeps what the simulated database does`(seed: UInt64) async throws {
        try await TestDatabase.sqlite.withStore { store in try await carryOut(seed, on: store) }
    }

    #if PostgreSQL
    @Test(arguments: 1...10)
    func `PostgreSQL gives and keeps what the simulated database does`(seed: UInt64) async throws {
        try await TestDatabase.withPostgres { store in try await carryOut(seed, on: store) }
    }
    #endif

    private func carryOut(_ seed: UInt64, on store: any Books) async throws {
        let run = Run(seed: seed, keptLines: 0, keepsHistory: true)
        #expect(run.outcome().failure == nil)
        let history = run.history
        #expect(history.count > 20)
        for (number, step) in history.enumerated() {
            let difference = try await store.transact(step.footprint) { set in
                let difference = step.loaded.difference(from: set, step.footprint)
                set = step.left
                return difference
            }
            #expect(difference == nil, "transaction \(number) of seed \(seed)")
            if difference != nil { return }
        }
        #expect(try await store.verify().allSatisfy { $0.check == "payment_excess" })
    }
}

extension WorkingSet {
    /// What another set does not have as this one has it; `nil` for nothing. It may have more.
    fileprivate func difference(from other: WorkingSet, _ footprint: Footprint) -> String? {
        for row in payments.all where other.payments[row.id] != row { return "payment \(row.id)" }
        for row in refunds.all where other.refunds[row.id] != row { return "refund \(row.id)" }
        for row in disputes.all where other.disputes[row.id] != row { return "dispute \(row.id)" }
        for row in pots.all where other.pots[row.id] != row { return "pot \(row.id)" }
        for row in customers.all where other.customers[row.id] != row { return "customer \(row.id)" }
        for row in cards.all where other.cards[row.id] != row { return "card \(row.id)" }
        for row in persons.all where other.persons[row.id] != row { return "person \(row.id)" }
        for row in idempotency.all where other.idempotency[row.key] != row { return "key \(row.key.text)" }
        for row in accounts.all where other.accounts[row.name] != row { return "account \(row.name)" }
        for refund in refunds.all {
            if newestAttempt(of: refund.id) != other.newestAttempt(of: refund.id) { return "attempt of \(refund.id)" }
            let facts = evidence(of: refund.id)
            if facts != other.evidence(of: refund.id) { return "evidence of \(refund.id)" }
        }
        for payment in payments.all {
            if refunds(of: payment.id) != other.refunds(of: payment.id) { return "refunds of \(payment.id)" }
            if disputes(of: payment.id) != other.disputes(of: payment.id) { return "disputes of \(payment.id)" }
        }
        for work in footprint.due where Set(due(work)) != Set(other.due(work)) { return "due work \(work.kind)" }
        for name in footprint.objects where id(name) != other.id(name) { return "the name \(name)" }
        return nil
    }
}
