import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct BooksTests {
    @Test func `balances and entries tell where the money is`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(1000), 300)
            let balance = try await merchant.get("/balances").items.first
            #expect(balance?["currency"]?.string == "EUR")
            #expect(balance?["accounts"]?["processor_funds"]?.integer == 1000)
            #expect(balance?["accounts"]?["refunds_reserved"]?.integer == 300)
            let entries = try await merchant.get("/ledger_entries?refund=\(refund)").items
            #expect(entries.count == 1)
            #expect(entries.first?["debit"]?.string == "merchant_balance")
            #expect(entries.first?["credit"]?.string == "refunds_reserved")
            #expect(entries.first?["cause"]?.string == refund)
            #expect(try await merchant.get("/ledger_entries").status == 400)
        }
    }

    @Test func `a dispute takes its payment out of what can be refunded`() async throws {
        try await Merchant.run { merchant in
            let stancer = try await merchant.server.key("stancer")
            let card = #"{"number":"4000000000000259","exp_month":12,"exp_year":2031,"cvc":"123"}"#
            _ = try await merchant.server.send(
                .post,
                "/stancer/v1/checkout/",
                authorization: "Basic \(base64(stancer + ":"))",
                headers: ["Host": "localhost"],
                body: #"{"amount": 700, "currency": "eur", "card": \#(card)}"#
            )
            let dispute = try await merchant.get("/disputes").items.first
            #expect(dispute?["status"]?.string == "open")
            let payment = dispute?["payment"]?.string ?? ""
            #expect(try await merchant.get("/disputes?payment=\(payment)").ids.count == 1)
            #expect(try await merchant.get("/payments/\(payment)").json["amount_disputed"]?.integer == 700)
            #expect(try await merchant.post("/refunds", #"{"payment": "\#(payment)"}"#).code == "payment_disputed")
        }
    }

    @Test func `customers and pots are kept`() async throws {
        try await Merchant.run { merchant in
            let customer = try await merchant.post("/customers", #"{"name": "Ada", "metadata": {"a": "b"}}"#).id
            let changed = try await merchant.send(.patch, "/customers/\(customer)", #"{"email": "ada@example.com"}"#)
            #expect(try changed.json["name"]?.string == "Ada")
            #expect(try changed.json["email"]?.string == "ada@example.com")
            #expect(try changed.json["version"]?.integer == 2)
            let pot =
                try await merchant.post(
                    "/pots",
                    #"{"name": "Trip", "currency": "GBP", "owner": "\#(customer)"}"#
                )
                .id
            let payment = try await merchant.post("/payments", #"{"amount": 900, "pot": "\#(pot)"}"#)
            #expect(try payment.json["currency"]?.string == "GBP")
            #expect(try await merchant.get("/pots/\(pot)").json["balance"]?.integer == 900)
            #expect(try await merchant.send(.delete, "/customers/\(customer)").status == 204)
            #expect(try await merchant.get("/customers/\(customer)").status == 404)
        }
    }
}
