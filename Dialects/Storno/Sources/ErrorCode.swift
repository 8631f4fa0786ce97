import Domain
import Engine
import HTTPTypes

/// Why a request was refused, for programs. In order of precedence: of two that apply, the earlier is the answer.
/// `docs/reference/errors.md` says what each means; a test holds it against this list.
package enum ErrorCode: String, CaseIterable, Sendable {
    case malformedRequest = "malformed_request"
    case unauthorized
    case rateLimited = "rate_limited"
    case unknownVersion = "unknown_version"
    case unknownRoute = "unknown_route"
    case methodNotAllowed = "method_not_allowed"
    case missingScope = "missing_scope"
    case notAcceptable = "not_acceptable"
    case bodyTooLarge = "body_too_large"
    case invalidParameter = "invalid_parameter"
    case notOffered = "not_offered"
    case webhookURLRefused = "webhook_url_refused"
    case idempotencyInProgress = "idempotency_in_progress"
    case idempotencyMismatch = "idempotency_mismatch"
    case noProcessor = "no_processor"
    case notFound = "not_found"
    case clockOfLiveMode = "clock_of_live_mode"
    case clockAdvancing = "clock_advancing"
    case clockNotBack = "clock_not_back"
    case clockTooFar = "clock_too_far"

    case reasonMissing = "reason_missing"
    case notAwaitingApproval = "not_awaiting_approval"
    case approvalExpired = "approval_expired"
    case ownApproval = "own_approval"
    case notInReview = "not_in_review"
    case notRecheckable = "not_recheckable"
    case notRetryable = "not_retryable"
    case alreadyRetried = "already_retried"
    case paymentChanged = "payment_changed"
    case currencyMismatch = "currency_mismatch"
    case exceedsPayment = "exceeds_payment"
    case partialBeforeCapture = "partial_before_capture"
    case captureInProgress = "capture_in_progress"
    case notCaptured = "not_captured"
    case paymentEnded = "payment_ended"
    case paymentDisputed = "payment_disputed"
    case paymentInExcess = "payment_in_excess"
    case nothingLeft = "nothing_left"
    case exceedsRefundable = "exceeds_refundable"
    case potBalanceTooLow = "pot_balance_too_low"
    case potClosed = "pot_closed"
    case alreadySent = "already_sent"
    case statusNotSettable = "status_not_settable"
    case paymentStepRefused = "payment_step_refused"
    case exceedsCapturable = "exceeds_capturable"
    case labelBelowRefunded = "label_below_refunded"
    case referenceTaken = "reference_taken"
    case processorReferenceTaken = "processor_reference_taken"
    case cardExists = "card_exists"
    case customerExists = "customer_exists"
    case tooManyEndpoints = "too_many_endpoints"
    case endpointDisabled = "endpoint_disabled"
    case amountOutOfRange = "amount_out_of_range"

    case tooManyStreams = "too_many_streams"
    case busy
    case storageUnavailable = "storage_unavailable"
    case internalFault = "internal_fault"

    package var status: HTTPResponse.Status {
        switch self {
        case .malformedRequest, .unknownVersion, .invalidParameter, .reasonMissing, .webhookURLRefused,
            .clockTooFar:
            .badRequest
        case .unauthorized: .unauthorized
        case .rateLimited: .tooManyRequests
        case .missingScope, .ownApproval, .clockOfLiveMode: .forbidden
        case .unknownRoute, .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .bodyTooLarge: .contentTooLarge
        case .idempotencyMismatch, .currencyMismatch, .exceedsPayment: .unprocessableContent
        case .paymentChanged: .preconditionFailed
        case .notOffered: .notImplemented
        case .tooManyStreams: .tooManyRequests
        case .busy, .storageUnavailable: .serviceUnavailable
        case .internalFault: .internalServerError
        case .idempotencyInProgress, .clockAdvancing, .clockNotBack, .notAwaitingApproval, .approvalExpired,
            .notInReview, .notRecheckable,
            .notRetryable, .alreadyRetried, .noProcessor, .partialBeforeCapture, .captureInProgress, .notCaptured,
            .paymentEnded, .paymentDisputed,
            .paymentInExcess, .nothingLeft, .exceedsRefundable, .potBalanceTooLow, .potClosed, .alreadySent,
            .statusNotSettable, .paymentStepRefused, .exceedsCapturable, .labelBelowRefunded, .referenceTaken,
            .processorReferenceTaken, .cardExists, .customerExists, .tooManyEndpoints, .endpointDisabled,
            .amountOutOfRange:
            .conflict
        }
    }

    /// The same words whenever it happens.
    package var title: String {
        switch self {
        case .malformedRequest: "The request is not valid HTTP"
        case .unauthorized: "The API key is missing or unknown"
        case .rateLimited: "The API key sends more requests than it may"
        case .unknownVersion: "There is no such version of this API"
        case .unknownRoute: "There is nothing at this path"
        case .methodNotAllowed: "This path does not take that method"
        case .missingScope: "The API key may not do this"
        case .notAcceptable: "This is not answered in the form that was asked for"
        case .bodyTooLarge: "The body is too large"
        case .invalidParameter: "A parameter is not what this takes"
        case .notOffered: "This server does not offer that"
        case .webhookURLRefused: "Nothing may be sent to this address"
        case .idempotencyInProgress: "The first request with this Idempotency-Key is still running"
        case .idempotencyMismatch: "This Idempotency-Key was used for another request"
        case .notFound: "There is no such object"
        case .clockOfLiveMode: "Only test mode can have a time of its own"
        case .clockAdvancing: "The clock is on its way"
        case .clockNotBack: "A book's time never goes back"
        case .clockTooFar: "A clock cannot be set that far"
        case .reasonMissing: "A decision needs a reason"
        case .notAwaitingApproval: "The refund does not wait for approval"
        case .approvalExpired: "The time for approval is over"
        case .ownApproval: "Nobody approves a refund that they asked for"
        case .notInReview: "The refund is not under review"
        case .notRecheckable: "There is nothing to ask the processor"
        case .notRetryable: "Only a refund that did not happen can be retried"
        case .alreadyRetried: "The refund was retried already"
        case .noProcessor: "No processor is configured for this mode"
        case .paymentChanged: "The payment has changed since it was looked at"
        case .currencyMismatch: "The currency is not the payment's"
        case .exceedsPayment: "The amount is more than the payment ever was"
        case .partialBeforeCapture: "Before its capture a payment can only be let go whole"
        case .captureInProgress: "The payment is being captured"
        case .notCaptured: "The payment is not captured"
        case .paymentEnded: "The payment ended before money moved"
        case .paymentDisputed: "The payment is disputed"
        case .paymentInExcess: "More went back than was captured"
        case .nothingLeft: "Nothing is left to refund"
        case .exceedsRefundable: "The amount is more than what is left"
        case .potBalanceTooLow: "The pot does not hold enough"
        case .potClosed: "The pot is closed"
        case .alreadySent: "The refund was sent or has ended"
        case .statusNotSettable: "A refund's status follows its money"
        case .paymentStepRefused: "The payment cannot take this step"
        case .exceedsCapturable: "The amount is more than what can still be captured"
        case .labelBelowRefunded: "The amount is below what was refunded"
        case .referenceTaken: "Another payment has this reference"
        case .processorReferenceTaken: "This payment of the processor is known already"
        case .cardExists: "This card is known already"
        case .customerExists: "This customer is known already"
        case .tooManyEndpoints: "There are as many webhook endpoints as there can be"
        case .endpointDisabled: "The webhook endpoint is disabled"
        case .amountOutOfRange: "A sum would leave the range of amounts"
        case .tooManyStreams: "The API key has as many streams open as it may have"
        case .busy: "The server is busy"
        case .storageUnavailable: "The server cannot reach its storage"
        case .internalFault: "Something went wrong on the server"
        }
    }
}

extension ErrorCode {
    init(_ rejection: Rejection) {
        switch rejection {
        case .reasonMissing: self = .reasonMissing
        case .notAwaitingApproval: self = .notAwaitingApproval
        case .approvalExpired: self = .approvalExpired
        case .ownApproval: self = .ownApproval
        case .notInReview: self = .notInReview
        case .notRecheckable: self = .notRecheckable
        case .notRetryable: self = .notRetryable
        case .alreadyRetried: self = .alreadyRetried
        case .noProcessorConfigured: self = .noProcessor
        case .paymentChanged: self = .paymentChanged
        case .currencyDiffers: self = .currencyMismatch
        case .exceedsPayment: self = .exceedsPayment
        case .partialBeforeCapture: self = .partialBeforeCapture
        case .captureInProgress: self = .captureInProgress
        case .notCaptured: self = .notCaptured
        case .paymentEnded: self = .paymentEnded
        case .paymentDisputed: self = .paymentDisputed
        case .paymentInExcess: self = .paymentInExcess
        case .nothingLeft: self = .nothingLeft
        case .exceedsRefundable: self = .exceedsRefundable
        case .potBalanceTooLow: self = .potBalanceTooLow
        case .potClosed: self = .potClosed
        case .alreadySent: self = .alreadySent
        case .statusNotSettable: self = .statusNotSettable
        case .paymentStepRefused: self = .paymentStepRefused
        case .exceedsCapturable: self = .exceedsCapturable
        case .labelBelowRefunded: self = .labelBelowRefunded
        case .uniqueReferenceTaken: self = .referenceTaken
        case .processorReferenceTaken: self = .processorReferenceTaken
        case .cardExists: self = .cardExists
        case .customerExists: self = .customerExists
        case .tooManyEndpoints: self = .tooManyEndpoints
        case .endpointDisabled: self = .endpointDisabled
        case .amountOutOfRange: self = .amountOutOfRange
        }
    }
}
