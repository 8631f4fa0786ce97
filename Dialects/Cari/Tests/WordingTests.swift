import CariDialect
import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

/// How refusals are worded that no request leads to, or that only a broken server gives.
struct WordingTests {
    private func render(_ refusal: Refusal) -> HostedAnswer {
        let request = WireRequest(
            method: .get,
            path: RequestPath("/charges"),
            query: Query(""),
            fields: [:],
            host: "localhost",
            requestID: "req_test"
        )
        let response = CariDialect().render(refusal, for: request)
        guard case .bytes(let body) = response.body else { return HostedAnswer(status: 0, fields: [:], body: []) }
        return HostedAnswer(status: response.status.code, fields: response.fields, body: body)
    }

    @Test(arguments: [EngineFailure.busy, .storageUnavailable])
    func `a server that cannot now says when to come again`(failure: EngineFailure) throws {
        let answer = render(.engine(failure))
        try expectRefusal(answer, 503, "ry again")
        #expect(answer.fields[.retryAfter] == "1")
    }

    @Test(
        arguments: [
            (.engine(.fault), 500), (.engine(.pageOutOfReach), 400), (.engine(.idempotencyInProgress), 409),
            (.engine(.idempotencyMismatch), 422), (.notOffered("this"), 501), (.malformed("because"), 400),
            (.engine(.notFound(.card, text: "x")), 404), (.engine(.notFound(.dispute, text: "x")), 404),
            (.engine(.notFound(.pot, text: "x")), 404),
        ] as [(Refusal, Int)]
    )
    func `every failure has its status`(refusal: Refusal, status: Int) throws {
        try expectRefusal(render(refusal), status)
    }

    @Test(
        arguments: [
            (.reasonMissing, 400), (.notAwaitingApproval(.inDoubt), 409), (.approvalExpired, 409),
            (.ownApproval, 409), (.notInReview(.inDoubt), 409), (.notRecheckable(.inDoubt), 409),
            (.noProcessorConfigured, 409), (.exceedsPayment(amount: 7), 400), (.partialBeforeCapture, 409),
            (.captureInProgress, 409), (.notCaptured(.toCapture), 409), (.paymentEnded(.refused), 409),
            (.paymentDisputed, 409), (.paymentInExcess, 409), (.nothingLeft, 409),
            (.exceedsRefundable(remaining: 7), 409),
            (.potBalanceTooLow(balance: 7), 409), (.potClosed, 409), (.alreadySent, 409),
            (.statusNotSettable(.inDoubt), 409), (.paymentStepRefused(.captureSent), 409),
            (.labelBelowRefunded(refunded: 7), 400), (.uniqueReferenceTaken(by: Payment.ID(7)), 409),
            (.cardExists(Card.ID(7)), 409), (.customerExists(Customer.ID(7)), 409), (.amountOutOfRange, 400),
            (.exceedsCapturable(remaining: 7), 409), (.processorReferenceTaken(by: Payment.ID(7)), 409),
        ] as [(Rejection, Int)]
    )
    func `every rejection has its status, and no word of the engine's`(rejection: Rejection, status: Int) throws {
        let answer = render(.engine(.rejected(rejection)))
        try expectRefusal(answer, status)
        for word in ["to_capture", "capture_sent", "toCapture", "in_doubt", "inDoubt", "refused\"", "Rejection", "pot"]
        {
            #expect(!answer.text.contains(word), "\(answer.text)")
        }
    }

    @Test func `text of a client's is written as JSON wants it`() throws {
        let answer = render(.engine(.notFound(.payment, text: "a\"b\\c\n\u{1}/é")))
        #expect(try answer.json["message"]?.string == "No such charge: a\"b\\c\n\u{1}/é")
    }
}
