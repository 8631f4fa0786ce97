import DialectKit
import Domain
import TestSupport
import Testing

struct DisputeTests {
    @Test func `a disputed payment brings a dispute, listed and read`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(300, with: Merchant.disputedCard, more: #","order_id":"o-1""#)
            let list = try await merchant.get("/v1/disputes/")
            let id = try #require(try list.ids("disputes").first)
            #expect(id.hasPrefix("dspt_"))
            #expect(id.count == 29)
            #expect(
                list.text == """
                    {"disputes":[{"amount":300,"created":1767323045,"currency":"eur","id":"\(id)","live_mode":false,\
                    "order_id":"o-1","payment":"\(payment)","response":"45"}],"live_mode":false,\
                    "range":{"end":0,"has_more":false,"limit":10,"start":0}}
                    """
            )
            let read = try await merchant.get("/v1/disputes/\(id)")
            #expect(read.status == 200)
            #expect(try read.json == list.json["disputes"]?.array?.first)
        }
    }

    @Test func `a payment that nobody disputes brings none`() async throws {
        try await withMerchant { merchant in
            _ = try await merchant.pay(300)
            let disputes = try await merchant.get("/v1/disputes/").ids("disputes")
            #expect(disputes.isEmpty)
        }
    }

    @Test func `an unknown dispute is named as it was written`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get("/v1/disputes/dspt_1")
            #expect(answer.status == 404)
            #expect(try answer.message == "No such dispute dspt_1")
        }
    }
}
