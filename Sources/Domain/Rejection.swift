/// A business refusal. Declared in order of precedence: of two that apply, the earlier is the answer.
/// Without wording, which is each API's own.
package enum Rejection: Error, Equatable, Sendable {
    /// A person's decision that does not say why.
    case reasonMissing
    /// Nobody has to approve it, or somebody has decided already.
    case notAwaitingApproval(RefundStatus)
    /// It was to be approved by a time that is over.
    case approvalExpired
    /// Whoever asks for a refund does not approve it.
    case ownApproval
    /// A person decides only what the evidence leaves open.
    case notInReview(RefundStatus)
    /// There is nothing that the processor could be asked about.
    case notRecheckable(RefundStatus)
    /// It happened, may still happen, or was not asked for here.
    case notRetryable(RefundStatus)
    case alreadyRetried(by: Refund.ID)
    /// Live mode without a processor.
    case noProcessorConfigured
    /// The payment is not what the caller last saw; its version now.
    case paymentChanged(version: Int64)
    case currencyDiffers(expected: Currency)
    /// More than the payment ever was, in minor units.
    case exceedsPayment(amount: Int64)
    /// Only a captured payment can be refunded in part.
    case partialBeforeCapture
    /// The capture is on its way: neither void nor refund until it ends.
    case captureInProgress
    /// Not captured, and this API cannot void.
    case notCaptured(PaymentState)
    /// Over before any money moved.
    case paymentEnded(PaymentState)
    case paymentDisputed
    /// Facts from outside took more than was captured; a person has to look first.
    case paymentInExcess
    case nothingLeft
    /// Within the payment, but above what is left, in minor units.
    case exceedsRefundable(remaining: Int64)
    case potBalanceTooLow(balance: Int64)
    case potClosed
    /// Something was sent to the processor already.
    case alreadySent
    case statusNotSettable(RefundStatus)
    /// A payment cannot take this step from where it is.
    case paymentStepRefused(PaymentState)
    /// More than can still be captured, in minor units.
    case exceedsCapturable(remaining: Int64)
    /// A merchant's own mark on a charge cannot go below what was refunded.
    case labelBelowRefunded(refunded: Int64)
    case uniqueReferenceTaken(by: Payment.ID)
    /// The processor's payment is known here already.
    case processorReferenceTaken(by: Payment.ID)
    case cardExists(Card.ID)
    case customerExists(Customer.ID)
    /// No more webhook endpoints are taken.
    case tooManyEndpoints(limit: Int)
    /// A disabled endpoint is sent nothing.
    case endpointDisabled
    /// A sum would leave the range of amounts.
    case amountOutOfRange
}
