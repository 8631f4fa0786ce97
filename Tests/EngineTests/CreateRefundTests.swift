import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct CreateRefundTests {
    @Test func `a refund holds its amount at once and spends it when it succeeds`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 300)
            #expect(refund.status == .queued)
            var seen = try await test.payment(payment)
            #expect((seen.reserved, seen.refunded, seen.refundable) == (300, 0, 700))
            try await test.advance(by: .seconds(1))
            try await test.advance(by: .seconds(1))
            seen = try await test.payment(payment)
            #expect((seen.reserved, seen.refunded, seen.refundable) == (0, 300, 700))
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `without an amount it takes what is left`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            _ = try await test.refund(payment, 300)
            #expect(try await test.refund(payment, nil).amount == 700)
            await #expect(throws: EngineFailure.rejected(.nothingLeft)) { try await test.refund(payment, nil) }
        }
    }

    @Test func `above the payment, above what is left and nothing left are three refusals`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            await #expect(throws: EngineFailure.rejected(.exceedsPayment(amount: 1000))) {
                try await test.refund(payment, 1001)
            }
            _ = try await test.refund(payment, 400)
            await #expect(throws: EngineFailure.rejected(.exceedsRefundable(remaining: 600))) {
                try await test.refund(payment, 601)
            }
            _ = try await test.refund(payment, 600)
            await #expect(throws: EngineFailure.rejected(.nothingLeft)) { try await test.refund(payment, 1) }
            let seen = try await test.payment(payment)
            #expect(seen.reserved == 1000)
            #expect(seen.refundCount == 2)
        }
    }

    @Test func `a failed refund gives its amount back once`() async throws {
        let refusal = SubmissionOutcome.answered(ProcessorAnswer(claim: .refused, failure: RefundFailure(.declined)))
        try await TestEngine.run(connector: ScriptedConnector(submissions: [refusal])) { test in
            let payment = try await test.payment(500)
            let refund = try await test.refund(payment, 500)
            try await test.advance(by: .seconds(1))
            #expect(try await test.refund(refund.id).status == .failed)
            #expect(try await test.payment(payment).refundable == 500)
            try await test.advance(by: .seconds(3600))
            #expect(try await test.payment(payment).refundable == 500)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a pot without enough balance refuses`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let pounds = try #require(Currency(code: "GBP"))
            let pot = try await test.engine
                .perform(
                    CreatePot(origin: test.origin, name: "Pot", currency: pounds, owner: nil, metadata: [:], facet: nil)
                )
                .pot
            let payment = try await test.payment(1000, pot: pot.id)
            _ = try await test.refund(payment, 250)
            let name = ObjectName(.pot, pot.id.raw, in: test.book)
            let seen = try await test.engine.pot(name, dialect: "storno").pot
            #expect((seen.balance, seen.volume) == (750, 1000))
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `live mode without a processor refuses before it looks`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let live = Book(test.book.number + 1)
            let origin = Origin(book: live, actor: Actor(.key, "k"), requestID: nil, dialect: "storno")
            let command = CreateRefund(origin: origin, payment: ObjectName(.payment, 1, in: live), amount: nil)
            await #expect(throws: EngineFailure.rejected(.noProcessorConfigured)) {
                try await test.engine.perform(command)
            }
        }
    }

    @Test func `another account's payment is as unknown as none`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let other = try await test.engine.perform(CreateAccount(name: "other")).book(.test)
            let origin = Origin(book: other, actor: Actor(.key, "k"), requestID: nil, dialect: "storno")
            let name = ObjectName(.payment, payment.raw, in: other)
            await #expect(throws: EngineFailure.notFound(.payment, text: "")) {
                try await test.engine.perform(CreateRefund(origin: origin, payment: name, amount: nil))
            }
        }
    }

    @Test func `64 clients never refund more than was captured`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            for round in 0..<10 {
                let payment = try await test.payment(1000)
                let accepted = await withTaskGroup(of: Int64.self) { group in
                    for client in 0..<64 {
                        let amount = Int64((client * 37 + round * 11) % 90 + 1)
                        group.addTask { (try? await test.refund(payment, amount))?.amount ?? 0 }
                    }
                    return await group.reduce(0, +)
                }
                let seen = try await test.payment(payment)
                #expect(seen.reserved == accepted)
                #expect(accepted <= 1000)
                #expect(accepted > 1000 - 90)
            }
            #expect(try await test.store.verify().isEmpty)
        }
    }
}
