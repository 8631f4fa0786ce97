import CollctivDialect
import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

/// A refusal and the status that it is answered with.
struct Worded: Sendable, CustomTestStringConvertible {
    let refusal: Refusal
    let status: Int

    var testDescription: String { "\(refusal)" }

    init(_ refusal: Refusal, _ status: Int) {
        self.refusal = refusal
        self.status = status
    }

    init(_ rejection: Rejection, _ status: Int) {
        self.init(.engine(.rejected(rejection)), status)
    }

    static let refusals: [Worded] = [
        Worded(.malformed("two hosts"), 400), Worded(.unauthorized, 401), Worded(.unknownRoute, 404),
        Worded(.methodNotAllowed([.get, .head]), 405), Worded(.missingScope("refunds:read"), 403),
        Worded(.bodyTooLarge(limit: 7), 413), Worded(.invalid(field: "amount", reason: "is required"), 400),
        Worded(.invalid(field: "", reason: "must be an object"), 400), Worded(.notOffered("x"), 501),
        Worded(.engine(.idempotencyMismatch), 422), Worded(.engine(.idempotencyInProgress), 409),
        Worded(.engine(.pageOutOfReach), 400), Worded(.engine(.busy), 503),
        Worded(.engine(.storageUnavailable), 503), Worded(.engine(.fault), 500),
    ]

    static let unknown = ObjectKind.allCases.map { Worded(.engine(.notFound($0, text: "x")), 404) }

    static let rejections: [Worded] = [
        Worded(.noProcessorConfigured, 402),
        Worded(.currencyDiffers(expected: Currency(stored: "GBP", exponent: 2)), 400),
        Worded(.exceedsPayment(amount: 5), 400), Worded(.partialBeforeCapture, 402),
        Worded(.captureInProgress, 402), Worded(.notCaptured(.authorized), 402), Worded(.paymentEnded(.failed), 402),
        Worded(.paymentDisputed, 402), Worded(.paymentInExcess, 402), Worded(.nothingLeft, 402),
        Worded(.exceedsRefundable(remaining: 5), 402), Worded(.potBalanceTooLow(balance: 5), 402),
        Worded(.reasonMissing, 400), Worded(.notAwaitingApproval(.queued), 402), Worded(.approvalExpired, 402),
        Worded(.ownApproval, 402), Worded(.notInReview(.queued), 402), Worded(.notRecheckable(.queued), 402),
        Worded(.potClosed, 402), Worded(.alreadySent, 402), Worded(.statusNotSettable(.queued), 402),
        Worded(.paymentStepRefused(.failed), 402), Worded(.labelBelowRefunded(refunded: 5), 400),
        Worded(.uniqueReferenceTaken(by: Payment.ID(1)), 402), Worded(.cardExists(Card.ID(1)), 402),
        Worded(.customerExists(Customer.ID(1)), 402), Worded(.amountOutOfRange, 402),
        Worded(.exceedsCapturable(remaining: 5), 402), Worded(.processorReferenceTaken(by: Payment.ID(1)), 402),
    ]
}

struct ErrorTests {
    private let request = WireRequest(
        method: .get,
        path: RequestPath("/v1/refunds"),
        query: Query(""),
        fields: [:],
        host: "localhost",
        requestID: "req_1"
    )

    @Test(arguments: Worded.refusals + Worded.unknown + Worded.rejections)
    func `every refusal has its status and says something`(worded: Worded) throws {
        let response = CollctivDialect().render(worded.refusal, for: request)
        #expect(response.status.code == worded.status)
        #expect(!response.status.reasonPhrase.isEmpty)
        #expect(response.fields[.contentType] == "application/json")
        guard case .bytes(let bytes) = response.body else {
            Issue.record("an error has a body")
            return
        }
        let body = try JSONReader.read(bytes)
        #expect(body.names == ["type", "code", "message"])
        #expect(body["type"]?.string == (worded.status < 500 ? "invalid_request" : "api_error"))
        #expect(body["code"]?.integer == Int64(worded.status))
        let message = try #require(body["message"]?.string)
        #expect(message.count > 5)
        for word in ["queued", "to_capture", "payment(", "rejected", "SQL", "connector"] {
            #expect(!message.contains(word), "\(message)")
        }
    }

    @Test func `who is to come again is told when`() {
        for failure in [EngineFailure.busy, .storageUnavailable] {
            #expect(CollctivDialect().render(.engine(failure), for: request).fields[.retryAfter] == "1")
        }
        #expect(CollctivDialect().render(.engine(.fault), for: request).fields[.retryAfter] == nil)
    }

    @Test func `402 carries its standard phrase`() {
        let response = CollctivDialect().render(.engine(.rejected(.nothingLeft)), for: request)
        #expect(response.status.reasonPhrase == "Payment Required")
    }

    @Test func `a long id is cut in the message`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let answer = try await merchant.askRefund(of: String(repeating: "x", count: 5000))
            try expectRefusal(answer, 404)
            #expect(answer.body.count < 300)
        }
    }
}
