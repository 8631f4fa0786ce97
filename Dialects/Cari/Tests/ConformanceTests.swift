import CariDialect
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
    let dialect: any Dialect = CariDialect()

    func authorization(_ key: String) -> String { "Bearer \(key)" }

    func refundRequest(_ amount: Int64, of payment: String) -> RigRequest {
        RigRequest(.post, "/refunds", #"{"charge": "\#(payment)", "amount": \#(amount)}"#)
    }

    func readRequest(_ refund: String) -> RigRequest { RigRequest(.get, "/refunds/\(refund)") }

    func refundID(in answer: JSONValue) -> String? { answer["id"]?.string }

    func text(ofPayment id: Payment.ID) -> String {
        IdentifierText(prefix: "ch_", alphabet: IdentifierText.base36, length: 25).text(id.raw)
    }
}
