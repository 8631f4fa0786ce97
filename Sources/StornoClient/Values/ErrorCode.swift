/// Why a request was refused, for programs. `docs/reference/errors.md` has them all. Words that this library does not know survive.
public struct ErrorCode: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Not HTTP as it has to be, such as a missing or doubled Host.
    public static let malformedRequest = ErrorCode(rawValue: "malformed_request")
    /// No key, an unknown, revoked or expired one, or one of another API.
    public static let unauthorized = ErrorCode(rawValue: "unauthorized")
    /// The key sends more requests than its account's rate_limit allows.
    public static let rateLimited = ErrorCode(rawValue: "rate_limited")
    /// Storno-Version names none of versions.
    public static let unknownVersion = ErrorCode(rawValue: "unknown_version")
    /// There is nothing at this path.
    public static let unknownRoute = ErrorCode(rawValue: "unknown_route")
    /// The path takes other methods, which Allow names.
    public static let methodNotAllowed = ErrorCode(rawValue: "method_not_allowed")
    /// The key lacks the scope in scope.
    public static let missingScope = ErrorCode(rawValue: "missing_scope")
    /// What is asked for has another form: a stream needs Accept: text/event-stream.
    public static let notAcceptable = ErrorCode(rawValue: "not_acceptable")
    /// The body has more than limit bytes.
    public static let bodyTooLarge = ErrorCode(rawValue: "body_too_large")
    /// Param is missing, unknown, or not what is taken; also a body that is not JSON.
    public static let invalidParameter = ErrorCode(rawValue: "invalid_parameter")
    /// Described somewhere, and not offered here.
    public static let notOffered = ErrorCode(rawValue: "not_offered")
    /// Nothing may be sent to url.
    public static let webhookURLRefused = ErrorCode(rawValue: "webhook_url_refused")
    /// The first request with this key is still running.
    public static let idempotencyInProgress = ErrorCode(rawValue: "idempotency_in_progress")
    /// The key was used for another request.
    public static let idempotencyMismatch = ErrorCode(rawValue: "idempotency_mismatch")
    /// The mode has no processor.
    public static let noProcessor = ErrorCode(rawValue: "no_processor")
    /// No such object in this account and mode.
    public static let notFound = ErrorCode(rawValue: "not_found")
    /// A decision needs a reason.
    public static let reasonMissing = ErrorCode(rawValue: "reason_missing")
    /// Nobody has to decide about the refund, or no longer.
    public static let notAwaitingApproval = ErrorCode(rawValue: "not_awaiting_approval")
    /// The time for approval is over.
    public static let approvalExpired = ErrorCode(rawValue: "approval_expired")
    /// The key that asked for a refund does not approve it.
    public static let ownApproval = ErrorCode(rawValue: "own_approval")
    /// The evidence leaves nothing open.
    public static let notInReview = ErrorCode(rawValue: "not_in_review")
    /// There is nothing to ask the processor.
    public static let notRecheckable = ErrorCode(rawValue: "not_recheckable")
    /// The refund happened, or may still happen.
    public static let notRetryable = ErrorCode(rawValue: "not_retryable")
    /// It was retried.
    public static let alreadyRetried = ErrorCode(rawValue: "already_retried")
    /// The payment is not what the caller last saw.
    public static let paymentChanged = ErrorCode(rawValue: "payment_changed")
    /// The currency is not the payment's, which is expected.
    public static let currencyMismatch = ErrorCode(rawValue: "currency_mismatch")
    /// The amount is above limit, what the payment ever was.
    public static let exceedsPayment = ErrorCode(rawValue: "exceeds_payment")
    /// Before its capture a payment is let go whole or not at all.
    public static let partialBeforeCapture = ErrorCode(rawValue: "partial_before_capture")
    /// The capture is under way.
    public static let captureInProgress = ErrorCode(rawValue: "capture_in_progress")
    /// The payment is not captured.
    public static let notCaptured = ErrorCode(rawValue: "not_captured")
    /// The payment ended before money moved.
    public static let paymentEnded = ErrorCode(rawValue: "payment_ended")
    /// The payer's bank takes the money back by itself.
    public static let paymentDisputed = ErrorCode(rawValue: "payment_disputed")
    /// Facts from outside took more than was captured: a person has to look.
    public static let paymentInExcess = ErrorCode(rawValue: "payment_in_excess")
    /// All of it was refunded, is being refunded, or is disputed.
    public static let nothingLeft = ErrorCode(rawValue: "nothing_left")
    /// The amount is above amount_refundable.
    public static let exceedsRefundable = ErrorCode(rawValue: "exceeds_refundable")
    /// The payment's pot holds pot_balance.
    public static let potBalanceTooLow = ErrorCode(rawValue: "pot_balance_too_low")
    /// The pot takes no more payments.
    public static let potClosed = ErrorCode(rawValue: "pot_closed")
    /// The refund was sent, or has ended.
    public static let alreadySent = ErrorCode(rawValue: "already_sent")
    /// A refund's status follows its money.
    public static let statusNotSettable = ErrorCode(rawValue: "status_not_settable")
    /// The payment cannot take this step from where it is.
    public static let paymentStepRefused = ErrorCode(rawValue: "payment_step_refused")
    /// The amount is above amount_capturable.
    public static let exceedsCapturable = ErrorCode(rawValue: "exceeds_capturable")
    /// An amount below amount_refunded.
    public static let labelBelowRefunded = ErrorCode(rawValue: "label_below_refunded")
    /// The payment in payment has this reference.
    public static let referenceTaken = ErrorCode(rawValue: "reference_taken")
    /// The processor's payment is known as payment.
    public static let processorReferenceTaken = ErrorCode(rawValue: "processor_reference_taken")
    /// The card is known as card.
    public static let cardExists = ErrorCode(rawValue: "card_exists")
    /// The customer is known as customer.
    public static let customerExists = ErrorCode(rawValue: "customer_exists")
    /// There are limit webhook endpoints; delete one.
    public static let tooManyEndpoints = ErrorCode(rawValue: "too_many_endpoints")
    /// A disabled webhook endpoint is sent nothing; enable it first.
    public static let endpointDisabled = ErrorCode(rawValue: "endpoint_disabled")
    /// A sum would leave the range of amounts.
    public static let amountOutOfRange = ErrorCode(rawValue: "amount_out_of_range")
    /// The key has limit streams of events open.
    public static let tooManyStreams = ErrorCode(rawValue: "too_many_streams")
    /// More waits than may wait; nothing was done.
    public static let busy = ErrorCode(rawValue: "busy")
    /// The storage cannot be reached.
    public static let storageUnavailable = ErrorCode(rawValue: "storage_unavailable")
    /// A fault of the server; nothing was done.
    public static let internalFault = ErrorCode(rawValue: "internal_fault")
    /// Only test mode can have a time of its own.
    public static let clockOfLiveMode = ErrorCode(rawValue: "clock_of_live_mode")
    /// The clock is on its way; ask for it until it has arrived.
    public static let clockAdvancing = ErrorCode(rawValue: "clock_advancing")
    /// A book's time never goes back.
    public static let clockNotBack = ErrorCode(rawValue: "clock_not_back")
    /// A clock can only be set so far.
    public static let clockTooFar = ErrorCode(rawValue: "clock_too_far")
}
