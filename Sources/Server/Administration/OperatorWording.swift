import Domain
import Engine

/// What the engine's refusals say to a person at the command line: what is wrong, and what to do about it.
package enum OperatorWording {
    /// - Parameter refund: its id as the command line prints it.
    static func sentence(for failure: EngineFailure, about refund: String) -> String {
        switch failure {
        case .rejected(let rejection): sentence(for: rejection, about: refund)
        case .notFound: "There is no refund \(refund)."
        case .busy, .storageUnavailable, .idempotencyMismatch, .idempotencyInProgress, .pageOutOfReach, .keyInvalid,
            .clockRefused, .fault:
            sentence(for: failure, look: "storno refunds show \(refund)")
        }
    }

    /// - Parameter look: the command that shows what is there.
    package static func sentence(for failure: EngineFailure, look: String) -> String {
        switch failure {
        case .rejected(let rejection): "It was refused: \(rejection)."
        case .notFound(let kind, _): "There is no such \(kind.rawValue)."
        case .clockRefused(let refusal): sentence(for: refusal)
        case .busy: "The server is busy and did nothing. Try again in a moment."
        case .storageUnavailable: "The database failed. \(unknown(look))"
        case .idempotencyMismatch, .idempotencyInProgress, .pageOutOfReach, .keyInvalid, .fault:
            "The server could not carry this out. Nothing was changed."
        }
    }

    private static func sentence(for refusal: ClockRefusal) -> String {
        switch refusal {
        case .liveMode: "Only books of test mode can have a time of their own: live money moves by the true time."
        case .beforePresent(let present):
            "A book's time never goes back: it cannot be set to before \(Instant.text(present))."
        case .tooFar(let end): "A clock can be set to \(Instant.text(end)) at the latest."
        case .underWay(let target):
            "The clock is on its way to \(Instant.text(target)). `storno clock show` says when it has arrived."
        }
    }

    /// After a failure that leaves open what became of a request.
    static func unknown(_ look: String) -> String {
        "This may or may not have been carried out; `\(look)` says what is there."
    }

    private static func sentence(for rejection: Rejection, about refund: String) -> String {
        switch rejection {
        case .reasonMissing: "Say why with --note: what was seen, and where."
        case .notAwaitingApproval(let status): "It does not wait for approval: it is \(status.rawValue)."
        case .approvalExpired: "The time to approve it is over. It is called off by itself; ask for a new refund."
        case .ownApproval: "You asked for this refund yourself: somebody else has to approve it."
        case .notInReview(let status):
            "It is \(status.rawValue); only a refund in needs_review can be resolved. "
                + "`storno refunds recheck \(refund)` asks its processor."
        case .notRecheckable(let status):
            "It is \(status.rawValue): there is nothing to ask its processor, or no way to."
        case .alreadySent: "It was already sent, or has already ended: it can no longer be canceled."
        case .paymentDisputed: "The payer's bank disputes the payment: approving would pay twice. Reject it instead."
        case .paymentInExcess:
            "More than the payment captured has gone back already. Look at the payment first, or reject it."
        case .noProcessorConfigured: "No processor is configured for this refund."
        case .paymentChanged, .currencyDiffers, .exceedsPayment, .partialBeforeCapture, .captureInProgress,
            .notCaptured,
            .paymentEnded, .nothingLeft, .exceedsRefundable, .potBalanceTooLow, .potClosed, .statusNotSettable,
            .notRetryable, .alreadyRetried, .paymentStepRefused, .exceedsCapturable, .labelBelowRefunded,
            .uniqueReferenceTaken, .processorReferenceTaken, .cardExists, .customerExists, .tooManyEndpoints,
            .endpointDisabled,
            .amountOutOfRange:
            "It was refused: \(rejection)."
        }
    }
}
