import Domain
import HTTPTypes

extension __Name__Dialect {
    /// A business refusal. Owed: the vendor's own statuses, codes and words.
    func wording(of rejection: Rejection) -> (HTTPResponse.Status, String) {
        switch rejection {
        case .currencyDiffers(let expected): (.badRequest, "currency must be \(expected.code).")
        case .exceedsPayment(let amount):
            (.badRequest, "amount must not be more than the payment's amount, which is \(amount).")
        case .exceedsRefundable(let remaining): (.conflict, "Only \(remaining) is left to refund of this payment.")
        case .nothingLeft: (.conflict, "Nothing is left to refund of this payment.")
        case .partialBeforeCapture, .captureInProgress, .notCaptured, .paymentEnded:
            (.conflict, "Only a payment that is captured can be refunded.")
        case .paymentDisputed: (.conflict, "The payer's bank disputes this payment.")
        case .paymentInExcess: (.conflict, "More than was captured has gone back already.")
        case .noProcessorConfigured: (.conflict, "No processor is configured for live mode.")
        case .potBalanceTooLow, .potClosed: (.conflict, "The pot cannot pay this.")
        case .paymentChanged: (.conflict, "The payment has changed in the meantime.")
        case .alreadySent: (.conflict, "This refund was already sent, or has already ended.")
        case .notRetryable, .alreadyRetried: (.conflict, "This refund cannot be asked for once more.")
        case .reasonMissing, .notAwaitingApproval, .approvalExpired, .ownApproval, .notInReview, .notRecheckable,
            .statusNotSettable, .paymentStepRefused, .exceedsCapturable, .labelBelowRefunded, .uniqueReferenceTaken,
            .processorReferenceTaken, .cardExists, .customerExists, .tooManyEndpoints, .endpointDisabled,
            .amountOutOfRange:
            (.conflict, "This cannot be done as things are.")
        }
    }
}
