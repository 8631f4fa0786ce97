import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

struct RefundLifeTests {
    @Test func `a refund is new, then processing, then complete, a second a step`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(pot: pot)
            let refund = try await merchant.refund(of: payment)
            #expect(try await merchant.refundStatus(refund) == "new")
            try await server.advance(by: .seconds(1))
            #expect(try await merchant.refundStatus(refund) == "processing")
            try await server.advance(by: .seconds(1))
            let complete = try await merchant.get("/v1/refunds/\(refund)")
            #expect(complete["status"] == "complete")
            #expect(complete["failure_details"] == nil)
            #expect(try await merchant.paymentStatus(payment) == "partially_refunded")
            #expect(try await merchant.balance(pot) == 1100)
        }
    }

    @Test func `a declined refund stays processing, says why, and gives the amount back`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(90_000_001, pot: pot)
            let refund = try await merchant.refund(90_000_001, of: payment)
            #expect(try await merchant.balance(pot) == 0)
            #expect(try await merchant.paymentStatus(payment) == "fully_refunded")
            try await server.advance(by: .seconds(5))
            let failed = try await merchant.get("/v1/refunds/\(refund)")
            #expect(failed["status"] == "processing")
            #expect(failed.names?.last == "failure_details")
            #expect(failed["failure_details"]?.names == ["code", "message"])
            #expect(failed["failure_details"]?["code"] == "declined")
            #expect(failed["failure_details"]?["message"]?.string?.isEmpty == false)
            #expect(try await merchant.balance(pot) == 90_000_001)
            #expect(try await merchant.paymentStatus(payment) == "paid")
            _ = try await merchant.refund(90_000_000, of: payment)
        }
    }

    @Test func `metadata can ask the simulated processor for a refusal`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let answer = try await merchant.askRefund(of: payment, more: #", "metadata": {"scenario": "declined"}"#)
            let refund = try #require(try answer.json["id"]?.string)
            try await server.advance(by: .seconds(2))
            #expect(try await merchant.get("/v1/refunds/\(refund)")["failure_details"]?["code"] == "declined")
        }
    }

    @Test func `above the account's bound a refund stays new, and nobody's approval ends it`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try await server.set(["approval_above": "0", "approval_expires_seconds": "60"])
            let refund = try await merchant.refund(of: try await merchant.payment())
            try await server.advance(by: .seconds(59))
            #expect(try await merchant.refundStatus(refund) == "new")
            try await server.advance(by: .seconds(1))
            let ended = try await merchant.get("/v1/refunds/\(refund)")
            #expect(ended["status"] == "processing")
            let details = ended["failure_details"]
            #expect(details == .members(("code", "canceled"), ("message", "Nobody approved the refund in time.")))
        }
    }

    @Test func `in its undo window a refund stays new, and can be withdrawn`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try await server.set(["undo_window_seconds": "30"])
            let payment = try await merchant.payment()
            let sent = try await merchant.refund(of: payment)
            let withdrawn = try await merchant.refund(of: payment)
            try await server.advance(by: .seconds(29))
            #expect(try await merchant.refundStatus(sent) == "new")
            let origin = Origin(book: try merchant.book, actor: Actor(.operator, "x"), requestID: nil, dialect: "x")
            let cancel = CancelRefund(origin: origin, refund: try merchant.name(.refund, withdrawn))
            _ = try await server.engine.perform(cancel)
            try await server.advance(by: .seconds(2))
            #expect(try await merchant.refundStatus(sent) != "new")
            let canceled = try await merchant.get("/v1/refunds/\(withdrawn)")
            #expect(canceled["status"] == "processing")
            #expect(canceled["failure_details"]?["code"] == "canceled")
            #expect(try await merchant.paymentStatus(payment) == "partially_refunded")
        }
    }
}
