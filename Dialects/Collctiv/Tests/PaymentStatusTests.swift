import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

struct PaymentStatusTests {
    private static let states: [(PaymentState, String)] = [
        (.authorized, "authorised"), (.toCapture, "authorised"), (.captureSent, "authorised"), (.captured, "paid"),
        (.canceled, "failed"), (.expired, "failed"), (.failed, "failed"), (.refused, "failed"),
    ]

    @Test(arguments: states)
    func `each state reads in the vendor's words, with the whole amount`(
        state: PaymentState,
        word: String
    ) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant { $0.state = state }
            let shown = try await merchant.get("/v1/payments/\(payment)")
            #expect(shown["status"]?.string == word)
            #expect(shown["amount"]?.integer == 2100)
        }
    }

    private static let sums: [(reserved: Int64, refunded: Int64, disputed: Int64, word: String)] = [
        (0, 0, 0, "paid"), (1, 0, 0, "partially_refunded"), (0, 1, 0, "partially_refunded"),
        (1000, 1099, 0, "partially_refunded"), (1000, 1100, 0, "fully_refunded"), (2100, 0, 0, "fully_refunded"),
        (0, 2100, 0, "fully_refunded"), (0, 0, 2100, "paid"), (0, 100, 2000, "paid"),
    ]

    @Test(arguments: sums)
    func `refunds that hold or have spent their amount count alike, a dispute hides them`(
        reserved: Int64,
        refunded: Int64,
        disputed: Int64,
        word: String
    ) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant {
                $0.reserved = reserved
                $0.refunded = refunded
                $0.disputed = disputed
            }
            #expect(try await merchant.paymentStatus(payment) == word)
        }
    }

    @Test func `payment and pot follow each refund at once`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(2100, pot: pot)
            _ = try await merchant.payment(400, pot: pot)
            #expect(try await merchant.paymentStatus(payment) == "paid")
            #expect(try await merchant.balance(pot) == 2500)
            _ = try await merchant.refund(2099, of: payment)
            #expect(try await merchant.paymentStatus(payment) == "partially_refunded")
            #expect(try await merchant.balance(pot) == 401)
            _ = try await merchant.refund(1, of: payment)
            #expect(try await merchant.paymentStatus(payment) == "fully_refunded")
            #expect(try await merchant.balance(pot) == 400)
            #expect(try await merchant.get("/v1/pots/\(pot)")["volume"]?.integer == 2500)
            #expect(try await merchant.get("/v1/payments/\(payment)")["amount"]?.integer == 2100)
        }
    }
}
