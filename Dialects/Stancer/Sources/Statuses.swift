import Domain

/// A refund's status in this API. It never goes back: what has been sent once is not to be sent again.
enum RefundWord: String, CaseIterable {
    case toRefund = "to_refund"
    case refundSent = "refund_sent"
    case refunded
    case notHonored = "not_honored"
    case paymentCanceled = "payment_canceled"

    init(_ refund: Refund) {
        switch refund.status {
        case .awaitingApproval, .queued, .dispatching: self = refund.firstSentAt == nil ? .toRefund : .refundSent
        case .inDoubt, .submitted, .requiresAction, .needsReview: self = .refundSent
        case .succeeded: self = refund.kind == .void ? .paymentCanceled : .refunded
        case .reversed, .failed, .canceled: self = .notHonored
        }
    }
}

extension Payment {
    /// `nil` while there is nothing to tell: no means of payment yet, or a payer who has to prove who they are.
    var statusWord: String? {
        switch state {
        case .created: nil
        case .captured: isDisputed ? "disputed" : "captured"
        case .authorized: "authorized"
        case .toCapture: "to_capture"
        case .captureSent: "capture_sent"
        case .canceled: "canceled"
        case .expired: "expired"
        case .failed: "failed"
        case .refused: "refused"
        }
    }

    /// Other APIs know more means of payment, and payments without one: here they are cards.
    var methodWord: String? {
        switch method {
        case .sepa: "sepa"
        case .card, .mobile, .bank: "card"
        case nil: state == .created ? nil : "card"
        }
    }
}
