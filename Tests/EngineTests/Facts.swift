import Domain
import Engine
import Storage
import TestSupport
import Testing

/// Facts from outside, and what they do to payments and pots.
extension TestEngine {
    func dispute(
        _ payment: Payment.ID,
        _ amount: Int64,
        currency: Currency? = nil,
        reference: String? = nil
    ) async throws -> Dispute {
        let command = OpenDispute(
            origin: origin,
            payment: ObjectName(.payment, payment.raw, in: book),
            amount: try #require(Amount(minorUnits: amount)),
            currency: currency,
            reference: reference
        )
        return try await engine.perform(command)
    }

    func external(
        _ payment: Payment.ID,
        _ amount: Int64,
        reference: String
    ) async throws -> RecordExternalRefund.Outcome {
        let command = RecordExternalRefund(
            origin: origin,
            payment: ObjectName(.payment, payment.raw, in: book),
            amount: try #require(Amount(minorUnits: amount)),
            processorReference: reference,
            processorTime: clock.now
        )
        return try await engine.perform(command)
    }

    func pot() async throws -> Pot.ID {
        let command = CreatePot(
            origin: origin,
            name: "Pot",
            currency: try #require(Currency(code: "GBP")),
            owner: nil,
            metadata: [:],
            facet: nil
        )
        return try await engine.perform(command).pot.id
    }

    func balance(of pot: Pot.ID) async throws -> Int64 {
        try await engine.pot(ObjectName(.pot, pot.raw, in: book), dialect: "storno").pot.balance
    }

    /// Hears what processors tell for the duration of `body`.
    func listening(_ body: @Sendable @escaping () async throws -> Void) async throws {
        let engine = engine
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await NotificationListener(engine: engine).run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Waits until something that other tasks do is done.
    func eventually(_ isDone: () async throws -> Bool) async throws {
        for _ in 0..<2000 {
            if try await isDone() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it never happened")
    }
}
