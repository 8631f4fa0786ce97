import DialectKit
import TestSupport
import Testing

struct NothingAuthorizedTests {
    @Test(arguments: ["4000000000000259", "4242424242424242", "4000000000000077"])
    func `an authorization of nothing is taken and never disputed`(number: String) async throws {
        try await withMerchant { merchant in
            let card = #"{"number":"\#(number)","exp_month":12,"exp_year":2040,"cvc":"123"}"#
            let body = #"{"amount":0,"currency":"eur","capture":false,"card":\#(card)}"#
            let answer = try await merchant.post("/v1/checkout/", body)
            #expect(answer.status == 200)
            #expect(try answer.json["status"]?.string == "authorized")
            #expect(try await merchant.get("/v1/disputes/").json["disputes"]?.array?.isEmpty == true)
        }
    }
}
