import DialectKit
import Domain
import Engine

/// What a row's outcome says to whoever reads the file of results.
enum ImportWording {
    /// Why a row that is here already is refused all the same; `nil` for one that agrees.
    static func reason(for outcome: ImportOutcome) -> String? {
        switch outcome {
        case .imported, .known: nil
        case .differs(let object, let column):
            "another \(object.kind.rawValue) is here under this id: its \(column) differs"
        case .mayBeOurs:
            "a refund of this amount is under way here and may be this one; let it end, then import again"
        }
    }

    static func reason(for refusal: Refusal) -> String {
        guard case .invalid(let field, let reason) = refusal else { return "it cannot be read" }
        return field.isEmpty ? "it \(reason)" : "\(field) \(reason)"
    }

    static func reason(for failure: EngineFailure) -> String {
        switch failure {
        case .rejected(let rejection): reason(for: rejection)
        case .notFound(let kind, let text): "there is no \(kind.rawValue) \(text): import payments before refunds"
        case .busy, .storageUnavailable, .idempotencyMismatch, .idempotencyInProgress, .pageOutOfReach, .keyInvalid,
            .clockRefused, .fault:
            "the database does not take it"
        }
    }

    private static func reason(for rejection: Rejection) -> String {
        switch rejection {
        case .noProcessorConfigured: "no processor is configured for this mode: its refunds could not be sent"
        case .currencyDiffers(let expected): "currency must be that of the payment, \(expected.code)"
        case .exceedsPayment(let amount): "amount must not be more than the payment's \(amount)"
        case .exceedsRefundable(let remaining): "amount must not be more than what is left of the payment, \(remaining)"
        case .nothingLeft: "nothing is left of the payment"
        case .paymentDisputed: "the payer's bank disputes the payment"
        case .paymentInExcess: "more than the payment captured has gone back already"
        case .processorReferenceTaken: "processor_reference is that of another payment here"
        case .captureInProgress, .notCaptured, .paymentEnded: "the payment is not captured"
        case .reasonMissing, .notAwaitingApproval, .approvalExpired, .ownApproval, .notInReview, .notRecheckable,
            .notRetryable, .alreadyRetried, .paymentChanged, .partialBeforeCapture, .potBalanceTooLow, .potClosed,
            .alreadySent, .statusNotSettable, .paymentStepRefused, .exceedsCapturable, .labelBelowRefunded,
            .uniqueReferenceTaken, .cardExists, .customerExists, .tooManyEndpoints, .endpointDisabled,
            .amountOutOfRange:
            "it is refused: \(rejection)"
        }
    }
}
