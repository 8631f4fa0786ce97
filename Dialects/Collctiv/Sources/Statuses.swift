import Domain

/// What Collctiv calls the status of a refund.
enum RefundWord: String {
    case new
    case processing
    case complete
    /// The vendor's document does not name it: only for accounts that asked for it.
    case failed

    /// A refund that was being sent once never reads `new` again.
    init(_ refund: Refund, namesFailure: Bool) {
        switch refund.status {
        case .awaitingApproval, .queued: self = refund.attempts == 0 ? .new : .processing
        case .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview: self = .processing
        case .succeeded: self = .complete
        case .failed, .canceled, .reversed: self = namesFailure ? .failed : .processing
        }
    }
}

/// What Collctiv calls the status of a payment that was begun.
enum PaymentWord: String {
    case authorised
    case paid
    case partiallyRefunded = "partially_refunded"
    case fullyRefunded = "fully_refunded"
    case failed

    /// Refunds count as soon as they are asked for, and no longer once they have failed.
    init(_ payment: Payment) {
        let refunded = payment.reserved + payment.refunded
        switch payment.state {
        case .created, .authorized, .toCapture, .captureSent: self = .authorised
        case .captured where payment.isDisputed || refunded == 0: self = .paid
        case .captured: self = refunded < payment.captured ? .partiallyRefunded : .fullyRefunded
        case .canceled, .expired, .failed, .refused: self = .failed
        }
    }
}

/// Why a refund ended without the money being gone; only such a refund has them.
struct FailureDetails {
    let code: FailureCode
    let message: String

    init?(_ refund: Refund) {
        switch refund.status {
        case .failed: code = refund.failure?.code ?? .declined
        case .canceled: code = refund.failure?.code ?? .canceled
        case .reversed: code = .reversed
        case .awaitingApproval, .queued, .dispatching, .inDoubt, .submitted, .requiresAction, .succeeded,
            .needsReview:
            return nil
        }
        message = refund.failure?.detail ?? FailureDetails.wording(of: code)
    }

    private static func wording(of code: FailureCode) -> String {
        switch code {
        case .declined: "The processor declined the refund."
        case .unsupported: "The processor cannot refund this payment."
        case .invalid: "The processor did not accept the refund's details."
        case .disputed: "The payer's bank disputes the payment and decides about the money."
        case .expiredAction: "The payer did not supply what the refund needed in time."
        case .canceled: "The refund was canceled before the money left."
        case .reversed: "The money came back after the refund had been completed."
        }
    }
}
