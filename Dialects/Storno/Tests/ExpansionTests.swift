import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct ExpansionTests {
    @Test func `ids are replaced by what they name, as deep as asked`() async throws {
        try await Merchant.run { merchant in
            let customer = try await merchant.post("/customers", #"{"name": "Ada"}"#).id
            let payment = try await merchant.payment(1000, #", "customer": "\#(customer)""#)
            let refund = try await merchant.refund(payment, 300)
            let path = "/refunds/\(refund)?expand[]=payment.customer&expand[]=pot"
            let shown = try await merchant.get(path).json
            #expect(shown["payment"]?["id"]?.string == payment)
            #expect(shown["payment"]?["customer"]?["name"]?.string == "Ada")
            #expect(shown["customer"]?.string == customer)
            #expect(shown["pot"] == .null)
            let list = try await merchant.get("/refunds?expand[]=customer").items
            #expect(list.first?["customer"]?["name"]?.string == "Ada")
            _ = try await merchant.send(.delete, "/customers/\(customer)")
            #expect(try await merchant.get(path).json["payment"]?["customer"]?.string == customer)
        }
    }

    @Test func `a page is expanded whole, and what is shared is shown in each place`() async throws {
        try await Merchant.run { merchant in
            let customers = [
                try await merchant.post("/customers", #"{"name": "Ada"}"#).id,
                try await merchant.post("/customers", #"{"name": "Bo"}"#).id,
            ]
            var payments: [String: String] = [:]
            for customer in customers {
                payments[customer] = try await merchant.payment(1000, #", "customer": "\#(customer)""#)
                for amount in 1...5 { _ = try await merchant.refund(payments[customer] ?? "", Int64(amount)) }
            }
            _ = try await merchant.refund(merchant.payment(50), 7)
            let path = "/refunds?limit=100&expand[]=payment.customer&expand[]=customer&expand[]=retry_of.payment"
            let items = try await merchant.get(path).items
            #expect(items.count == 11)
            for item in items {
                let customer = item["payment"]?["customer"]
                if item["amount"]?.integer == 7 {
                    #expect(customer == .null && item["customer"] == .null)
                } else {
                    #expect(customer == item["customer"])
                    #expect(item["payment"]?["id"]?.string == payments[customer?["id"]?.string ?? ""])
                }
            }
            let many = Array(repeating: "expand[]=payment", count: 21).joined(separator: "&")
            let refused = try await merchant.get("/refunds?" + many)
            #expect(try refused.code == "invalid_parameter")
        }
    }

    @Test func `a key sees no more by expansion than its scopes allow`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 1)
            let clerk = try await merchant.colleague(scopes: ["refunds:read"])
            #expect(try await clerk.get("/refunds/\(refund)").status == 200)
            let refused = try await clerk.get("/refunds/\(refund)?expand[]=payment")
            #expect(refused.status == 403)
            #expect(try refused.json["scope"]?.string == "payments:read")
        }
    }

    @Test(arguments: [
        "gone", "payment.gone", "payment.card.x", "amount", "", "retry_of.retry_of.retry_of.retry_of.pot",
    ])
    func `what leads nowhere is refused`(path: String) async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 1)
            let refused = try await merchant.get("/refunds/\(refund)?expand[]=\(path)")
            #expect(refused.status == 400)
            #expect(try refused.json["param"]?.string == "expand[]")
        }
    }
}
