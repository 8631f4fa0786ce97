import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct RefundTests {
    @Test func `a new refund is answered with the documented members in their order`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(pot: pot)
            let customer = try #require(try await merchant.get("/v1/payments/\(payment)")["customer"]?.string)
            let answer = try await merchant.askRefund(of: payment)
            #expect(answer.status == 200)
            let id = try #require(try answer.json["id"]?.string)
            #expect(id.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
            #expect(
                answer.text == """
                    {"id":"\(id)","amount":1000,"created_at":1767323045,"pot":"\(pot)","payment":"\(payment)",\
                    "customer":"\(customer)","reason":{"code":"customer_requested","comment":""},"status":"new",\
                    "metadata":{}}
                    """
            )
            #expect(try await merchant.get("/v1/refunds/\(id)") == answer.json)
        }
    }

    @Test func `comment and metadata are kept`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = """
                {"amount": 1, "payment": "\(payment)", "metadata": {"b": "2", "a": "", "ü/": "\\u00e9\\n"},
                 "reason": {"code": "duplicate", "comment": "Paid twice: \\"oops\\""}}
                """
            let refund = try await merchant.post("/v1/refunds", body)
            #expect(refund["reason"] == .members(("code", "duplicate"), ("comment", #"Paid twice: "oops""#)))
            #expect(refund["metadata"] == .members(("a", ""), ("b", "2"), ("ü/", "é\n")))
            let id = try #require(refund["id"]?.string)
            #expect(try await merchant.get("/v1/refunds/\(id)") == refund)
        }
    }

    @Test func `members that are no attributes are ignored, a currency among them`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let more = #", "currency": "jpy", "status": "complete", "pot": 7, "extra": {"deep": [null]}"#
            let answer = try await merchant.askRefund(of: payment, more: more)
            #expect(answer.status == 200)
            #expect(try answer.json["status"] == "new")
        }
    }

    @Test(arguments: [
        "customer_requested", "a", "duplicate", "fraud_2", "x_", String(repeating: "r", count: 64),
    ])
    func `a reason code that looks like an identifier is taken`(code: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = #"{"amount": 1, "payment": "\#(payment)", "reason": {"code": "\#(code)"}}"#
            #expect(try await merchant.post("/v1/refunds", body)["reason"]?["code"]?.string == code)
        }
    }

    @Test(arguments: [
        "", " ", "Customer_requested", "customer-requested", "1st", "_x", "a b", "é", "customer_requested\\n",
        String(repeating: "r", count: 65),
    ])
    func `a reason code that does not is refused`(code: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = #"{"amount": 1, "payment": "\#(payment)", "reason": {"code": "\#(code)"}}"#
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", body), 400, "reason.code")
        }
    }

    @Test(arguments: [
        (#"{"payment": "P", "reason": {"code": "c"}}"#, "amount"),
        (#"{"amount": 1, "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": null, "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": "", "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": "  ", "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": 12, "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": {"id": "P"}, "reason": {"code": "c"}}"#, "payment"),
        (#"{"amount": 1, "payment": "P"}"#, "reason"),
        (#"{"amount": 1, "payment": "P", "reason": null}"#, "reason"),
        (#"{"amount": 1, "payment": "P", "reason": "c"}"#, "reason"),
        (#"{"amount": 1, "payment": "P", "reason": ["c"]}"#, "reason"),
        (#"{"amount": 1, "payment": "P", "reason": {}}"#, "reason.code"),
        (#"{"amount": 1, "payment": "P", "reason": {"code": null}}"#, "reason.code"),
        (#"{"amount": 1, "payment": "P", "reason": {"code": 1}}"#, "reason.code"),
        (#"{"amount": 1, "payment": "P", "reason.code": "c"}"#, "reason"),
        (#"{"amount": 1, "payment": "P", "reason": {"code": "c", "comment": 1}}"#, "reason.comment"),
        (#"{"amount": 1, "payment": "P", "reason": {"code": "c"}, "metadata": []}"#, "metadata"),
    ])
    func `a missing, blank or mistyped member is named`(body: String, member: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let text = body.replacing("\"P\"", with: "\"\(payment)\"")
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", text), 400, "\(member) ")
            #expect(try await merchant.ids("/v1/refunds").isEmpty)
        }
    }

    @Test func `null stands for a comment and metadata that are not there`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = """
                {"amount": 1, "payment": "\(payment)", "reason": {"code": "c", "comment": null}, "metadata": null}
                """
            let refund = try await merchant.post("/v1/refunds", body)
            #expect(refund["reason"]?["comment"] == "")
            #expect(refund["metadata"] == .object([]))
        }
    }

    @Test(arguments: [(0, true), (1, true), (1000, true), (1001, false)])
    func `a comment has at most 1000 characters`(length: Int, isTaken: Bool) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let comment = String(repeating: "é", count: length)
            let reason = #"{"code": "c", "comment": "\#(comment)"}"#
            let body = #"{"amount": 1, "payment": "\#(payment)", "reason": \#(reason)}"#
            let answer = try await merchant.send(.post, "/v1/refunds", body)
            guard isTaken else { return try expectRefusal(answer, 400, "reason.comment") }
            #expect(try answer.json["reason"]?["comment"]?.string == comment)
        }
    }

    @Test(arguments: [
        unknownID, "x", "paym_sS1sXwDuaqGTjuQ7DY4BBNaI", "999fe8d5-1615-414b-83fc-2740b3c4a89",
        "999fe8d5-1615-414b-83fc-2740b3c4a8999", "999fe8d51615414b83fc2740b3c4a899",
        "999fe8d5_1615_414b_83fc_2740b3c4a899", "g99fe8d5-1615-414b-83fc-2740b3c4a899",
        "999fe8d5-1615-414b-83fc-2740b3c4a89é", String(repeating: "9", count: 600),
    ])
    func `an unknown or malformed payment is not found`(payment: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await merchant.payment()
            try expectRefusal(try await merchant.askRefund(of: payment), 404, "No such payment: ")
        }
    }

    @Test func `a payment's id is read in any case`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let answer = try await merchant.askRefund(of: payment.uppercased())
            #expect(try answer.json["payment"]?.string == payment)
        }
    }
}
