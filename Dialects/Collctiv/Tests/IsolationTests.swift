import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct IsolationTests {
    private static let others: [(mode: Mode, account: String)] = [(.test, "other"), (.live, "main")]

    @Test(arguments: others)
    func `what is another account's or mode's is answered exactly like what is not there`(
        mode: Mode,
        account: String
    ) async throws {
        try await TestServer.run { server in
            let owner = try await Merchant(server)
            let stranger = try await Merchant(server, mode, account: account)
            let customer = try await owner.customer()
            let pot = try await owner.pot(of: customer)
            let payment = try await owner.payment(pot: pot)
            let refund = try await owner.refund(of: payment)
            for (path, id) in [
                ("refunds", refund), ("refunds", payment), ("payments", payment), ("pots", pot),
                ("customers", customer),
            ] {
                let foreign = try await stranger.send(.get, "/v1/\(path)/\(id)")
                let unknown = try await stranger.send(.get, "/v1/\(path)/\(unknownID)")
                try expectRefusal(foreign, 404, id)
                #expect(foreign.text == unknown.text.replacing(unknownID, with: id))
            }
            for path in ["refunds", "payments", "pots", "customers"] {
                #expect(try await stranger.ids("/v1/\(path)").isEmpty)
            }
        }
    }

    @Test func `another account's ids in a body or filter are unknown ones`() async throws {
        try await TestServer.run { server in
            let owner = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let customer = try await owner.customer()
            let pot = try await owner.pot(of: customer)
            let payment = try await owner.payment(pot: pot)
            _ = try await owner.refund(of: payment)
            let own = try await stranger.pot()
            _ = try await stranger.refund(of: try await stranger.payment(pot: own))
            for (path, id, body) in [
                ("/v1/refunds", payment, Merchant.refundBody(of: payment)),
                ("/v1/refunds", payment, Merchant.refundBody(99_999_999, of: payment)),
                ("/v1/payments", pot, Merchant.paymentBody(pot: pot)),
                ("/v1/payments", customer, Merchant.paymentBody(pot: own, more: #", "customer": "\#(customer)""#)),
                ("/v1/pots", customer, #"{"name": "A", "currency": "GBP", "customer": "\#(customer)"}"#),
            ] {
                let foreign = try await stranger.send(.post, path, body)
                let unknown = try await stranger.send(.post, path, body.replacing(id, with: unknownID))
                try expectRefusal(foreign, 404, id)
                #expect(foreign.text == unknown.text.replacing(unknownID, with: id))
            }
            #expect(try await stranger.ids("/v1/refunds").count == 1)
            #expect(try await stranger.ids("/v1/refunds?pot=\(pot)").isEmpty)
            #expect(try await stranger.ids("/v1/refunds?customer=\(customer)").isEmpty)
            #expect(try await owner.balance(pot) == 1100)
        }
    }

    @Test func `an id that came from elsewhere belongs to its account`() async throws {
        try await TestServer.run { server in
            let owner = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let refund = try await owner.refund(of: try await owner.payment())
            try await owner.alias("imported", for: refund, .refund)
            #expect(try await owner.get("/v1/refunds/imported")["id"] == "imported")
            try expectRefusal(try await stranger.send(.get, "/v1/refunds/imported"), 404)
        }
    }
}
