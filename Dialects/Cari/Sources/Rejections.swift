import Domain
import HTTPTypes

extension CariDialect {
    /// A business refusal: 400 where the request can never be right, 409 where the charge or refund is not, or
    /// no longer, in a state for it. Amounts are in minor units, as everywhere in this API.
    func wording(of rejection: Rejection) -> (HTTPResponse.Status, String) {
        switch rejection {
        case .reasonMissing: (.badRequest, "A decision about a refund needs a reason.")
        case .notAwaitingApproval(let status):
            (
                .conflict,
                "Only a refund that waits for approval can be decided; this one is \(RefundWord(status).rawValue)."
            )
        case .approvalExpired: (.conflict, "The time in which this refund could be approved is over.")
        case .ownApproval: (.conflict, "A refund is approved by somebody else than who asked for it.")
        case .notInReview(let status):
            (.conflict, "Only a refund under review can be decided; this one is \(RefundWord(status).rawValue).")
        case .notRecheckable(let status):
            (.conflict, "There is nothing to ask about this refund; it is \(RefundWord(status).rawValue).")
        case .notRetryable(let status):
            (
                .conflict,
                "Only a refund that did not happen can be asked for once more; this one is "
                    + "\(RefundWord(status).rawValue)."
            )
        case .alreadyRetried: (.conflict, "This refund was asked for once more already.")
        case .noProcessorConfigured: (.conflict, "No processor is configured for live mode. Use a test key.")
        case .paymentChanged: (.conflict, "The charge has changed in the meantime.")
        case .currencyDiffers(let expected):
            (.badRequest, "currency must be the charge's, \(expected.lowercased), or be left out.")
        case .exceedsPayment(let amount): (.badRequest, "amount is above the \(amount) of the charge.")
        case .partialBeforeCapture:
            (.conflict, "This charge is not captured yet and cannot be refunded in part.")
        case .captureInProgress:
            (.conflict, "This charge is being captured. Refund it once it has succeeded.")
        case .notCaptured(let state), .paymentEnded(let state):
            (.conflict, "Only a captured charge can be refunded; this one is \(ChargeWord(state).rawValue).")
        case .paymentDisputed: (.conflict, "This charge is disputed and cannot be refunded.")
        case .paymentInExcess:
            (.conflict, "More than this charge captured has gone back already. It has to be looked at first.")
        case .nothingLeft: (.conflict, "Nothing is left to refund of this charge.")
        case .exceedsRefundable(let remaining):
            (.conflict, "amount is above the \(remaining) that is left to refund of this charge.")
        case .potBalanceTooLow(let balance):
            (.conflict, "The collection that this charge belongs to holds only \(balance).")
        case .potClosed: (.conflict, "The collection that this charge belongs to is closed.")
        case .alreadySent:
            (.conflict, "This refund was already sent, or has already ended: it can no longer be canceled.")
        case .statusNotSettable(let status):
            (
                .conflict,
                "A refund's status follows its money and cannot be set; this one is \(RefundWord(status).rawValue). "
                    + "Only canceled can be asked for, before the refund is sent."
            )
        case .paymentStepRefused(let state):
            (.conflict, "This charge is \(ChargeWord(state).rawValue) and cannot take this step.")
        case .exceedsCapturable(let remaining):
            (.conflict, "amount is above the \(remaining) that is left to capture of this charge.")
        case .labelBelowRefunded(let refunded):
            (.badRequest, "amount must not be below amount_refunded, which is \(refunded).")
        case .uniqueReferenceTaken: (.conflict, "Another charge has this reference already.")
        case .processorReferenceTaken: (.conflict, "This charge is known already.")
        case .cardExists: (.conflict, "This card is known already.")
        case .customerExists: (.conflict, "This customer is known already.")
        case .tooManyEndpoints: (.conflict, "There are too many webhooks.")
        case .endpointDisabled: (.conflict, "This webhook is disabled.")
        case .amountOutOfRange: (.badRequest, "amount would take a total beyond what can be counted.")
        }
    }
}
