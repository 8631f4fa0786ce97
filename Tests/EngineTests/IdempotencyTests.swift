import Domain
import Engine
import Storage
import TestSupport
import Testing

@Suite struct IdempotencyTests {
    private func once(_ key: String, _ body: UInt8 = 1) -> Once {
        Once(key: key, fingerprint: Digest256(Array(repeating: body, count: 32)), fingerprintKeyID: "k")
    }

    private func ask(
        _ test: TestEngine,
        _ payment: Payment.ID,
        _ amount: Int64,
        _ once: Once
    ) async throws(EngineFailure) -> Answer {
        let command = CreateRefund(
            origin: test.origin,
            payment: ObjectName(.payment, payment.raw, in: test.book),
            amount: Amount(minorUnits: amount)
        )
        return try await test.engine.answer(command, in: test.book, once: once) { details in
            Array("\(details.refund.id.raw) \(details.refund.status)".utf8)
        }
    }

    @Test func `the same key and body give the first answer, whatever happened since`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let first = try await ask(test, payment, 100, once("a"))
            try await test.advance(by: .seconds(5))
            try await test.advance(by: .seconds(5))
            let again = try await ask(test, payment, 100, once("a"))
            #expect(again.body == first.body)
            #expect((first.isReplay, again.isReplay) == (false, true))
            #expect(try await test.payment(payment).refunded == 100)
        }
    }

    @Test func `the same key with another body is refused`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            _ = try await ask(test, payment, 100, once("a"))
            await #expect(throws: EngineFailure.idempotencyMismatch) { try await ask(test, payment, 200, once("a", 2)) }
        }
    }

    @Test func `a refusal is not kept`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let small = try await test.payment(100)
            await #expect(throws: EngineFailure.rejected(.exceedsPayment(amount: 100))) {
                try await ask(test, small, 200, once("a"))
            }
            let large = try await test.payment(1000)
            #expect(try await ask(test, large, 200, once("a", 9)).isReplay == false)
        }
    }

    @Test func `64 clients with one key make one refund`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(100_000)
            for round in 0..<10 {
                let answers = await withTaskGroup(of: Result<Answer, EngineFailure>.self) { group in
                    for _ in 0..<64 {
                        group.addTask {
                            do throws(EngineFailure) {
                                return .success(try await ask(test, payment, 10, once("k\(round)")))
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let bodies = Set(answers.compactMap { try? $0.get().body })
                #expect(bodies.count == 1)
                #expect(answers.count { (try? $0.get().isReplay) == false } == 1)
                for case .failure(let failure) in answers { #expect(failure == .idempotencyInProgress) }
                #expect(try await test.payment(payment).reserved == Int64(round + 1) * 10)
            }
        }
    }
}
