import DialectKit
import Domain
import Foundation
import HTTPTypes
import StancerDialect
import TestSupport
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: DialectConformance.duties)
    func `it keeps what every API promises`(duty: DialectDuty) async {
        let debt = await duty.debt(of: Rig())
        #expect(debt == nil)
    }
}

private struct Rig: DialectRig {
    let dialect: any Dialect = StancerDialect()

    func authorization(_ key: String) -> String { "Basic " + Data("\(key):".utf8).base64EncodedString() }

    func refundRequest(_ amount: Int64, of payment: String) -> RigRequest {
        RigRequest(.post, "/v1/refunds/", #"{"payment": "\#(payment)", "amount": \#(amount)}"#)
    }

    func readRequest(_ refund: String) -> RigRequest { RigRequest(.get, "/v1/refunds/\(refund)") }

    func refundID(in answer: JSONValue) -> String? { answer["id"]?.string }

    func text(ofPayment id: Payment.ID) -> String {
        IdentifierText(prefix: "paym_", alphabet: IdentifierText.base62, length: 24).text(id.raw)
    }
}
