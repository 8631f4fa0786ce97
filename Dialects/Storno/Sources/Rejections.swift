import DialectKit
import Domain

// Amounts are in minor units, as everywhere in this API.

extension Problem {
    init(_ rejection: Rejection) {
        self.init(ErrorCode(rejection), Problem.detail(of: rejection))
        switch rejection {
        case .notAwaitingApproval(let status), .notInReview(let status), .notRecheckable(let status),
            .notRetryable(let status), .statusNotSettable(let status):
            facts = [("refund_status", .string(status.rawValue))]
        case .alreadyRetried(let refund): facts = [("refund", .string(ObjectID.refund.text(refund.raw)))]
        case .paymentChanged(let version): facts = [("payment_version", .integer(version))]
        case .currencyDiffers(let expected):
            parameter = "currency"
            facts = [("expected", .string(expected.code))]
        case .exceedsPayment(let amount):
            parameter = "amount"
            facts = [("limit", .integer(amount))]
        case .exceedsRefundable(let remaining):
            parameter = "amount"
            facts = [("amount_refundable", .integer(remaining))]
        case .potBalanceTooLow(let balance): facts = [("pot_balance", .integer(balance))]
        case .exceedsCapturable(let remaining):
            parameter = "amount"
            facts = [("amount_capturable", .integer(remaining))]
        case .labelBelowRefunded(let refunded): facts = [("amount_refunded", .integer(refunded))]
        case .notCaptured(let state), .paymentEnded(let state), .paymentStepRefused(let state):
            facts = [("payment_status", .string(state.rawValue))]
        case .uniqueReferenceTaken(let payment):
            parameter = "reference"
            facts = [("payment", .string(ObjectID.payment.text(payment.raw)))]
        case .processorReferenceTaken(let payment):
            parameter = "processor_reference"
            facts = [("payment", .string(ObjectID.payment.text(payment.raw)))]
        case .cardExists(let card): facts = [("card", .string(ObjectID.card.text(card.raw)))]
        case .customerExists(let customer): facts = [("customer", .string(ObjectID.customer.text(customer.raw)))]
        case .nothingLeft: facts = [("amount_refundable", .integer(0))]
        case .reasonMissing: parameter = "note"
        case .tooManyEndpoints(let limit): facts = [("limit", .integer(Int64(limit)))]
        case .approvalExpired, .ownApproval, .noProcessorConfigured, .partialBeforeCapture, .captureInProgress,
            .paymentDisputed, .paymentInExcess, .potClosed, .alreadySent, .endpointDisabled,
            .amountOutOfRange:
            break
        }
    }

    private static func detail(of rejection: Rejection) -> String {
        switch rejection {
        case .reasonMissing: "Say why, in note."
        case .notAwaitingApproval(let status): "It is \(status.rawValue). Somebody may have decided already."
        case .approvalExpired: "It was not approved in time and is being called off. Ask for a new refund."
        case .ownApproval: "This key asked for the refund. Approve it with another key, or at the command line."
        case .notInReview(let status): "It is \(status.rawValue), and the evidence leaves nothing open."
        case .notRecheckable(let status): "It is \(status.rawValue)."
        case .notRetryable(let status): "It is \(status.rawValue)."
        case .alreadyRetried: "The refund that was made for it is named in refund. Retry that one if it failed too."
        case .noProcessorConfigured: "No live payment or refund can be made here yet. Use a test key."
        case .paymentChanged: "Look at it again, and decide anew."
        case .currencyDiffers(let expected): "The payment is in \(expected.code). Leave currency out, or say that."
        case .exceedsPayment(let amount): "The payment was of \(amount)."
        case .partialBeforeCapture: "Leave amount out to let the whole payment go, or capture it first."
        case .captureInProgress: "Wait until it is captured, then refund it."
        case .notCaptured(let state): "It is \(state.rawValue). Capture it first."
        case .paymentEnded(let state): "It is \(state.rawValue): there is no money to give back."
        case .paymentDisputed: "The payer's bank takes the money back by itself. Refunding as well would pay twice."
        case .paymentInExcess: "Facts from outside took more than was captured. A person has to look at it first."
        case .nothingLeft: "All of it was refunded, is being refunded, or is disputed."
        case .exceedsRefundable(let remaining): "Only \(remaining) is left to refund."
        case .potBalanceTooLow(let balance): "The pot holds \(balance)."
        case .potClosed: "It takes no more payments."
        case .alreadySent: "It can no longer be withdrawn."
        case .statusNotSettable(let status): "It is \(status.rawValue), and is changed by what happens alone."
        case .paymentStepRefused(let state): "It is \(state.rawValue)."
        case .exceedsCapturable(let remaining): "Only \(remaining) is left to capture."
        case .labelBelowRefunded(let refunded): "\(refunded) was refunded."
        case .uniqueReferenceTaken: "A reference belongs to one payment. The one that has it is named in payment."
        case .processorReferenceTaken: "It was imported already, as the payment that is named in payment."
        case .cardExists: "The card that is known is named in card."
        case .customerExists: "The customer that is known is named in customer."
        case .tooManyEndpoints(let limit): "There are \(limit). Delete one that is no longer needed."
        case .endpointDisabled: "Enable it first: send status as enabled to it by PATCH."
        case .amountOutOfRange: "The amounts add up to more than can be counted."
        }
    }
}
