import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

struct RefundLimitTests {
    @Test func `more than the payment's amount is a wrong parameter`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment(2100)
            try expectRefusal(try await merchant.askRefund(2101, of: payment), 400, "2100")
            #expect(try await merchant.askRefund(2100, of: payment).status == 200)
            try expectRefusal(try await merchant.askRefund(2101, of: payment), 400, "2100")
        }
    }

    @Test func `the sum of all refunds is limited by the payment's amount`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment(2100)
            _ = try await merchant.refund(1000, of: payment)
            _ = try await merchant.refund(1000, of: payment)
            try expectRefusal(try await merchant.askRefund(101, of: payment), 402, "Only 100 is left")
            _ = try await merchant.refund(100, of: payment)
            try expectRefusal(try await merchant.askRefund(1, of: payment), 402, "Nothing is left")
            #expect(try await merchant.ids("/v1/refunds").count == 3)
        }
    }

    @Test func `refunds asked for at the same time never exceed the payment`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(1000, pot: pot)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await merchant.askRefund(300, of: payment).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 3)
            #expect(statuses.filter { $0 == 402 }.count == 17)
            #expect(try await merchant.balance(pot) == 100)
        }
    }

    private static let states: [(PaymentState, String)] = [
        (.authorized, "authorised"), (.toCapture, "authorised"), (.captureSent, "authorised"),
        (.canceled, "failed"), (.expired, "failed"), (.failed, "failed"), (.refused, "failed"),
    ]

    @Test(arguments: states)
    func `a payment that is not paid is not refundable`(state: PaymentState, word: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant { $0.state = state }
            try expectRefusal(try await merchant.askRefund(of: payment), 402, word)
            try expectRefusal(try await merchant.askRefund(2100, of: payment), 402, word)
            try expectRefusal(try await merchant.askRefund(2101, of: payment), 400, "2100")
        }
    }

    @Test func `a disputed payment is not refundable`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant { $0.disputed = 2100 }
            try expectRefusal(try await merchant.askRefund(of: payment), 402, "disputes")
        }
    }

    @Test func `a payment that more was taken of than was paid is not refundable`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant {
                $0.refunded = 2200
                $0.excess = 100
            }
            try expectRefusal(try await merchant.askRefund(of: payment), 402, "looked at")
        }
    }

    @Test func `a pot without enough balance is not refunded from`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant { $0.potBalance = 999 }
            try expectRefusal(try await merchant.askRefund(1000, of: payment), 402, "999")
            #expect(try await merchant.askRefund(999, of: payment).status == 200)
        }
    }

    @Test func `a payment that no processor was asked for is none to this API`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let shown = try await merchant.plant()
            let payment = try await merchant.plant { $0.state = .created }
            for amount: Int64 in [1000, 2101] {
                let answer = try await merchant.askRefund(amount, of: payment)
                let unknown = try await merchant.askRefund(amount, of: unknownID)
                try expectRefusal(answer, 404, payment)
                #expect(answer.text == unknown.text.replacing(unknownID, with: payment))
            }
            try expectRefusal(try await merchant.send(.get, "/v1/payments/\(payment)"), 404, payment)
            try expectRefusal(try await merchant.send(.get, "/v1/refunds/\(payment)"), 404, payment)
            #expect(try await merchant.ids("/v1/payments") == [shown])
        }
    }

    @Test func `live mode without a processor takes neither payments nor refunds`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server, .live)
            let pot = try await merchant.pot()
            let payment = try await merchant.send(.post, "/v1/payments", Merchant.paymentBody(pot: pot))
            try expectRefusal(payment, 402, "No processor is configured for live mode")
            #expect(try await merchant.ids("/v1/payments").isEmpty)
            let planted = try await merchant.plant()
            try expectRefusal(try await merchant.askRefund(of: planted), 402, "No processor is configured")
            #expect(try await merchant.ids("/v1/refunds").isEmpty)
        }
    }
}

extension Merchant {
    /// - Returns: the id, in this API, of a payment that another one made.
    func plant(_ edit: (inout PlantedPayment) -> Void = { _ in }) async throws -> String {
        var command = PlantedPayment(try book)
        edit(&command)
        return UUIDText.text(try await server.engine.perform(command))
    }
}
