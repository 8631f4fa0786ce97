import ConnectorKit
import Domain
import NIOConcurrencyHelpers
import SandboxConnector
import TestSupport
import Testing

@Suite struct SandboxConnectorTests {
    private let clock = ManualClock()
    private let memory = Memory()

    private var sandbox: SandboxConnector { SandboxConnector(operations: memory, time: clock) }

    private func order(_ amount: Int64, key: String = "k", metadata: Metadata = [:]) throws -> RefundOrder {
        let euro = try #require(Currency(code: "EUR"))
        var payment = Payment(
            id: Payment.ID(1),
            book: Book(1),
            createdAt: clock.now,
            state: .captured,
            currency: euro,
            authorized: amount,
            connector: "sandbox",
            connectorAccount: "default",
            origin: "storno"
        )
        payment.captured = amount
        let refund = Refund(
            id: Refund.ID(2),
            book: Book(1),
            payment: payment,
            kind: .refund,
            amount: amount,
            createdAt: clock.now,
            status: .queued,
            reasonCode: nil,
            actor: Actor(.system, "test"),
            requestID: nil,
            origin: "storno",
            metadata: metadata
        )
        return RefundOrder(refund: refund, processorKey: key, payment: payment, at: clock.now, isOnClock: false)
    }

    private func claim(_ outcome: SubmissionOutcome) -> EvidenceClaim? {
        if case .answered(let answer) = outcome { answer.claim } else { nil }
    }

    @Test func `an order is accepted and succeeds a second later`() async throws {
        let order = try order(100)
        #expect(claim(await sandbox.submit(order)) == .accepted)
        clock.advance(by: .seconds(1))
        guard case .found(let answer) = await sandbox.find(order, reference: nil) else {
            Issue.record("the order is not found")
            return
        }
        #expect(answer.claim == .succeeded)
        #expect(answer.amount == 100)
    }

    @Test func `the same key is one operation`() async throws {
        let order = try order(100)
        _ = await sandbox.submit(order)
        clock.advance(by: .seconds(1))
        #expect(claim(await sandbox.submit(order)) == .succeeded)
        #expect(memory.count == 1)
    }

    @Test(
        arguments: [(90_000_001, [:]), (5, ["scenario": "90000001"]), (5, ["scenario": "declined"])]
            as [(Int64, Metadata)]
    )
    func `the declined scenario is chosen by amount or by name`(amount: Int64, metadata: Metadata) async throws {
        let outcome = await sandbox.submit(try order(amount, metadata: metadata))
        guard case .answered(let answer) = outcome else {
            Issue.record("no answer")
            return
        }
        #expect(answer.claim == .refused)
        #expect(answer.failure?.code == .declined)
    }

    @Test(arguments: ConnectorConformance.duties)
    func `the sandbox keeps what every connector promises`(duty: ConnectorDuty) async {
        let debt = await duty.debt(of: Rig(connector: sandbox, memory: memory))
        #expect(debt == nil)
    }

    @Test func `an unknown order is absent`() async throws {
        #expect(await sandbox.find(try order(100), reference: nil) == .absent)
    }
}

private struct Rig: ProcessorRig {
    let connector: any Connector
    let memory: Memory

    /// The sandbox is part of this process: it can always be reached.
    func order(_ treatment: ProcessorTreatment, key: String) -> RefundOrder? {
        switch treatment {
        case .accepts: .sample(key: key)
        case .declines: .sample(key: key, metadata: ["scenario": "declined"])
        case .losesAnswer: .sample(key: key, metadata: ["scenario": "answer_lost"])
        case .isUnreachable: nil
        }
    }

    func movements(for key: String) -> Int { memory.count(of: key) }
}

private final class Memory: SandboxOperations {
    private let rows = NIOLockedValueBox<[String: SandboxOperation]>([:])

    var count: Int { rows.withLockedValue { $0.count } }

    func count(of key: String) -> Int { rows.withLockedValue { $0[key] == nil ? 0 : 1 } }

    func record(_ operation: SandboxOperation) async throws -> SandboxOperation {
        rows.withLockedValue { rows in
            if let known = rows[operation.processorKey] { return known }
            rows[operation.processorKey] = operation
            return operation
        }
    }

    func operation(book: Book, processorKey: String) async throws -> SandboxOperation? {
        rows.withLockedValue { $0[processorKey] }
    }
}
