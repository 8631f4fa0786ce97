import Domain
import HTTPTypes

extension CollctivDialect {
    /// A business refusal: 400 where no payment of that amount or currency could take the request, 402 where the
    /// parameters are valid but the request failed. Amounts are in minor units, as everywhere in this API.
    func wording(of rejection: Rejection) -> (HTTPResponse.Status, String) {
        switch rejection {
        case .reasonMissing: (.badRequest, "A decision about a refund needs a reason.")
        case .notAwaitingApproval: (.paymentRequired, "This refund does not wait for approval, or no longer.")
        case .approvalExpired: (.paymentRequired, "The time in which this refund could be approved is over.")
        case .ownApproval: (.paymentRequired, "A refund is approved by somebody else than who asked for it.")
        case .notInReview: (.paymentRequired, "This refund is not under review.")
        case .notRecheckable: (.paymentRequired, "There is nothing that could be asked about this refund.")
        case .notRetryable: (.paymentRequired, "Only a refund that did not happen can be asked for once more.")
        case .alreadyRetried: (.paymentRequired, "This refund was asked for once more already.")
        case .noProcessorConfigured:
            (.paymentRequired, "No processor is configured for live mode. Use a test key.")
        case .paymentChanged: (.paymentRequired, "The payment has changed in the meantime.")
        case .currencyDiffers(let expected): (.badRequest, "currency must be \(expected.code).")
        case .exceedsPayment(let amount):
            (.badRequest, "amount must not be more than the amount of the payment, which is \(amount).")
        case .partialBeforeCapture, .captureInProgress, .notCaptured:
            (.paymentRequired, "Only a payment that is paid can be refunded; this one is authorised.")
        case .paymentEnded: (.paymentRequired, "Only a payment that is paid can be refunded; this one is failed.")
        case .paymentDisputed:
            (.paymentRequired, "The payer's bank disputes this payment: it cannot be refunded as well.")
        case .paymentInExcess:
            (.paymentRequired, "More than was paid has gone back already. This payment has to be looked at first.")
        case .nothingLeft: (.paymentRequired, "Nothing is left to refund of this payment.")
        case .exceedsRefundable(let remaining):
            (.paymentRequired, "Only \(remaining) is left to refund of this payment.")
        case .potBalanceTooLow(let balance):
            (.paymentRequired, "The pot's balance of \(balance) is not enough for this refund.")
        case .potClosed: (.paymentRequired, "The pot is closed: it takes no more payments.")
        case .alreadySent: (.paymentRequired, "This refund was already sent, or has already ended.")
        case .statusNotSettable: (.paymentRequired, "A refund's status follows its money and cannot be set.")
        case .paymentStepRefused: (.paymentRequired, "This payment cannot take this step from where it is.")
        case .exceedsCapturable(let remaining):
            (.paymentRequired, "Only \(remaining) is left to capture of this payment.")
        case .labelBelowRefunded(let refunded):
            (.badRequest, "amount must not be below what was refunded, which is \(refunded).")
        case .uniqueReferenceTaken: (.paymentRequired, "Another payment has this reference already.")
        case .processorReferenceTaken: (.paymentRequired, "This payment is known already.")
        case .cardExists: (.paymentRequired, "This card is known already.")
        case .customerExists: (.paymentRequired, "This customer is known already.")
        case .tooManyEndpoints: (.paymentRequired, "There are too many webhooks.")
        case .endpointDisabled: (.paymentRequired, "This webhook is disabled.")
        case .amountOutOfRange: (.paymentRequired, "The pot cannot count this amount on top of what it received.")
        }
    }
}

extension HTTPResponse.Status {
    /// The vendor's word for "the parameters were valid, but the request failed".
    fileprivate static let paymentRequired = Self(code: 402, reasonPhrase: "Payment Required")
}
