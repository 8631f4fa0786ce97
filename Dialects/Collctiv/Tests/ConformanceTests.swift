import CollctivDialect
import DialectKit
import Domain
import HTTPTypes
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
    let dialect: any Dialect = CollctivDialect()

    func authorization(_ key: String) -> String { "Bearer \(key)" }

    func refundRequest(_ amount: Int64, of payment: String) -> RigRequest {
        RigRequest(.post, "/v1/refunds", Merchant.refundBody(amount, of: payment))
    }

    func readRequest(_ refund: String) -> RigRequest { RigRequest(.get, "/v1/refunds/\(refund)") }

    func refundID(in answer: JSONValue) -> String? { answer["id"]?.string }

    func text(ofPayment id: Payment.ID) -> String {
        UUIDText.text(id.raw)
    }
}
