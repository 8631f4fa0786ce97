import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import Storage
import TestSupport
import Testing

@testable import StancerDialect

/// Every refusal's status and words. Many cannot be provoked from outside.
struct ErrorTests {
    private func answer(_ refusal: Refusal) -> WireResponse {
        let request = WireRequest(
            method: .post,
            path: RequestPath("/v1/nothing/here/"),
            query: Query(""),
            fields: [:],
            host: "localhost",
            requestID: "req_1"
        )
        return StancerDialect().render(refusal, for: request)
    }

    private func expect(
        _ refusal: Refusal,
        _ status: Int,
        _ message: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let answer = answer(refusal)
        let error = try answer.json["error"]
        #expect(answer.status.code == status, sourceLocation: location)
        #expect(error?["message"]?.string == message, sourceLocation: location)
        #expect(error?["type"]?.string == "invalid_request_error", sourceLocation: location)
        #expect(answer.fields[.contentType] == "application/json", sourceLocation: location)
    }

    @Test func `refusals before the engine`() throws {
        try expect(
            .malformed("exactly one valid Host header is required"),
            400,
            "Bad request: exactly one valid Host header is required"
        )
        try expect(.unauthorized, 401, "You are not authorized to access that resource")
        try expect(.unknownRoute, 404, "There is no /v1/nothing/here in this API")
        try expect(.methodNotAllowed([.get, .head]), 405, "POST is not allowed here, use one of GET, HEAD")
        try expect(.missingScope("refunds:write"), 403, "Your API key lacks the scope refunds:write")
        try expect(.bodyTooLarge(limit: 65536), 413, "The body must not exceed 65536 bytes")
        try expect(.invalid(field: "card.number", reason: "is required"), 400, "card.number is required")
        try expect(.invalid(field: "", reason: "must be a JSON object"), 400, "The body must be a JSON object")
        try expect(.notOffered("Payouts are not available"), 501, "Payouts are not available")
    }

    @Test func `failures of the engine`() throws {
        for kind in ObjectKind.allCases {
            try expect(.engine(.notFound(kind, text: "as written")), 404, "No such \(kind.rawValue) as written")
        }
        try expect(
            .engine(.idempotencyMismatch),
            409,
            "This Idempotency-Key was used for another request, send a new one"
        )
        try expect(
            .engine(.idempotencyInProgress),
            409,
            "The first request with this Idempotency-Key is still running, try again shortly"
        )
        try expect(
            .engine(.pageOutOfReach),
            400,
            "start is too far from any page read before, walk the list page by page"
        )
        try expect(.engine(.busy), 503, "Too many requests are waiting, try again shortly")
        try expect(.engine(.storageUnavailable), 503, "The server cannot reach its data, try again shortly")
        try expect(.engine(.fault), 500, "The server made a mistake, nothing was changed")
    }

    @Test func `who may come again is told when`() {
        #expect(answer(.engine(.busy)).fields[.retryAfter] == "1")
        #expect(answer(.engine(.storageUnavailable)).fields[.retryAfter] == "1")
        #expect(answer(.engine(.fault)).fields[.retryAfter] == nil)
    }

    @Test func `rejections about refunds`() throws {
        let euro = try #require(Currency(code: "EUR"))
        let rejections: [(Rejection, Int, String)] = [
            (
                .noProcessorConfigured, 409,
                "No processor is configured for live mode: no live payment or refund can be made"
            ),
            (.currencyDiffers(expected: euro), 400, "currency must be eur, as in the payment"),
            (.exceedsPayment(amount: 100), 400, "amount must not exceed 100, the amount of the payment"),
            (.partialBeforeCapture, 409, "Payment cannot be partially refunded before it has been captured"),
            (.captureInProgress, 409, "Payment capture is being processed, refund it once it is captured"),
            (
                .notCaptured(.authorized), 409,
                "Payment cannot be refunded before it has been captured, it is authorized"
            ),
            (.paymentEnded(.created), 409, "Payment cannot be refunded, it has not been paid yet"),
            (.paymentEnded(.failed), 409, "Payment cannot be refunded, its status is failed"),
            (.paymentDisputed, 409, "Payment is disputed, the money is claimed back by the payer's bank already"),
            (
                .paymentInExcess, 409,
                "More was given back for this payment than it captured, it has to be reviewed first"
            ),
            (.nothingLeft, 409, "Payment has already been fully refunded"),
            (.exceedsRefundable(remaining: 7), 409, "Payment cannot be refunded beyond what is left of it, 7"),
            (.potBalanceTooLow(balance: 7), 409, "Payment belongs to a pot that holds 7 only"),
            (.potClosed, 409, "Payment belongs to a pot that is closed"),
            (.alreadySent, 409, "Refund has already been sent"),
            (.reasonMissing, 400, "A decision about a refund needs a reason"),
            (.notAwaitingApproval(.queued), 409, "Refund does not wait for approval, or no longer"),
            (.approvalExpired, 409, "Refund can no longer be approved, it took too long"),
            (.ownApproval, 409, "Refund must be approved by somebody else than who asked for it"),
            (.notInReview(.queued), 409, "Refund is not under review"),
            (.notRecheckable(.queued), 409, "Refund leaves nothing to ask the processor"),
            (.statusNotSettable(.submitted), 409, "Refund cannot be changed by hand, it is submitted"),
        ]
        for (rejection, status, message) in rejections { try expect(.engine(.rejected(rejection)), status, message) }
    }

    @Test func `rejections about other objects`() throws {
        try expect(
            .engine(.rejected(.paymentStepRefused(.authorized))),
            409,
            "Payment is authorized, only its capture can be asked for"
        )
        try expect(
            .engine(.rejected(.paymentStepRefused(.expired))),
            409,
            "Payment can no longer be changed that way, its status is expired"
        )
        try expect(
            .engine(.rejected(.labelBelowRefunded(refunded: 7))),
            409,
            "Payment has refunds of 7, its amount cannot go below"
        )
        try expect(
            .engine(.rejected(.exceedsCapturable(remaining: 7))),
            409,
            "Payment cannot be captured beyond what is left to capture of it, 7"
        )
        try expect(
            .engine(.rejected(.processorReferenceTaken(by: Payment.ID(61)))),
            409,
            "Payment already exists, its processor's reference is known"
        )
        try expect(.engine(.rejected(.amountOutOfRange)), 409, "The amounts add up to more than can be counted")
    }

    @Test func `rejections that name what is there`() throws {
        let duplicates: [(Rejection, String, String)] = [
            (.uniqueReferenceTaken(by: Payment.ID(61)), "Payment already exists, duplicate unique_id", "paym_"),
            (
                .cardExists(Card.ID(61)), "Card already exists, you may want to update it instead creating a new one",
                "card_"
            ),
            (
                .customerExists(Customer.ID(61)),
                "Customer already exists, you may want to update it instead creating a new one", "cust_"
            ),
        ]
        for (rejection, text, prefix) in duplicates {
            let answer = answer(.engine(.rejected(rejection)))
            let message = try answer.json["error"]?["message"]
            #expect(answer.status.code == 409)
            #expect(message?["error"]?.string == text)
            #expect(message?["id"]?.string == prefix + "00000000000000000000000z")
        }
    }

    @Test func `a server that takes no more work says so`() async throws {
        try await withMerchant { merchant in
            merchant.server.installation.close()
            let answer = try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#)
            #expect(answer.status == 503)
            #expect(answer.fields[.retryAfter] == "1")
        }
    }
}
