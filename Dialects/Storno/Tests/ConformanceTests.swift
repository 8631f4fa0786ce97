import DialectKit
import Domain
import HTTPTypes
import Server
import Storage
import StornoDialect
import TestSupport
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: DialectConformance.duties)
    func `it keeps what every API promises`(duty: DialectDuty) async throws {
        let dialect = try #require(Catalog.dialect(named: "storno"))
        let debt = await duty.debt(of: Rig(dialect: dialect))
        #expect(debt == nil)
    }
}

private struct Rig: DialectRig {
    let dialect: any Dialect

    func authorization(_ key: String) -> String { "Bearer \(key)" }

    func refundRequest(_ amount: Int64, of payment: String) -> RigRequest {
        RigRequest(.post, "/v1/refunds", #"{"payment": "\#(payment)", "amount": \#(amount)}"#)
    }

    func readRequest(_ refund: String) -> RigRequest { RigRequest(.get, "/v1/refunds/\(refund)") }

    func refundID(in answer: JSONValue) -> String? { answer["id"]?.string }

    func text(ofPayment id: Payment.ID) -> String { StornoDialect.text(ObjectReference(.payment, id.raw)) }
}
