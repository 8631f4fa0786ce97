/// Where a refund is. What each means and how each API words it is in `docs/reference/lifecycle.md`.
package enum RefundStatus: String, CaseIterable, Sendable {
    case awaitingApproval = "awaiting_approval"
    case queued
    case dispatching
    case inDoubt = "in_doubt"
    case submitted
    case requiresAction = "requires_action"
    case succeeded
    case reversed
    case failed
    case canceled
    case needsReview = "needs_review"

    /// Whether the amount is held against the payment, spent, or free again.
    package var hold: Hold {
        switch self {
        case .awaitingApproval, .queued, .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview: .reserved
        case .succeeded: .spent
        case .reversed, .failed, .canceled: .released
        }
    }

    package enum Hold: Sendable {
        case reserved
        case spent
        case released
    }
}

/// What can happen to a refund.
package enum RefundHappening: String, CaseIterable, Sendable {
    case approved
    case rejected
    /// Approval or the payer's action came too late.
    case expired
    /// A worker wrote an attempt down and is about to call the processor.
    case claimed
    /// The call never left this machine.
    case unsent
    /// The processor cannot pay yet and will not remember the request.
    case postponed
    /// The call ended without a trustworthy answer, or the process died during it.
    case silenced
    case accepted
    case actionRequired
    case actionTaken
    case succeeded
    case refused
    /// An inquiry proved that the processor never heard of it.
    case provenAbsent
    /// Asked late enough, the processor did not know it, and yet a notification speaks of it.
    case doubted
    /// Money came back after it had left.
    case returned
    case contradicted
    /// Asking led nowhere for too long.
    case givenUp
    case cancelRequested
    /// The books went back to a backup: what had not left by then may have left since.
    case restored
    case confirmedSucceeded
    case confirmedFailed
    case confirmedReversed
    case confirmedCanceled
}

/// The moves of a refund: one total switch, status × happening.
package struct RefundLifecycle: Sendable {
    package init() {}

    /// - Returns: the next status; the same one when the happening adds nothing; `nil` when it is not allowed.
    package func next(_ status: RefundStatus, on happening: RefundHappening) -> RefundStatus? {
        switch (status, happening) {
        case (.awaitingApproval, .approved): .queued
        case (.awaitingApproval, .rejected), (.awaitingApproval, .expired), (.awaitingApproval, .cancelRequested):
            .canceled
        case (.awaitingApproval, .restored): .needsReview
        case (.awaitingApproval, _): nil

        case (.queued, .claimed), (.queued, .restored): .dispatching
        case (.queued, .cancelRequested): .canceled
        case (.queued, .refused): .failed
        case (.queued, .postponed), (.queued, .provenAbsent), (.queued, .unsent), (.queued, .silenced): .queued
        case (.queued, .accepted): .submitted
        case (.queued, .doubted): .inDoubt
        case (.queued, .actionTaken): .submitted
        case (.queued, .actionRequired): .requiresAction
        case (.queued, .succeeded): .succeeded
        case (.queued, .returned): .reversed
        case (.queued, .contradicted), (.queued, .givenUp): .needsReview
        case (.queued, _): nil

        case (.dispatching, .unsent), (.dispatching, .postponed): .queued
        case (.dispatching, .silenced): .inDoubt
        case (.dispatching, .provenAbsent): .queued
        case (.dispatching, .doubted), (.inDoubt, .doubted), (.inDoubt, .silenced): .inDoubt
        case (.inDoubt, .provenAbsent), (.inDoubt, .postponed), (.inDoubt, .unsent): .queued
        case (.dispatching, .givenUp), (.inDoubt, .givenUp): .needsReview
        case (.dispatching, .accepted), (.inDoubt, .accepted): .submitted
        case (.dispatching, .actionTaken), (.inDoubt, .actionTaken): .submitted
        case (.dispatching, .actionRequired), (.inDoubt, .actionRequired): .requiresAction
        case (.dispatching, .succeeded), (.inDoubt, .succeeded): .succeeded
        case (.dispatching, .refused), (.inDoubt, .refused): .failed
        case (.dispatching, .returned), (.inDoubt, .returned): .reversed
        case (.dispatching, .contradicted), (.inDoubt, .contradicted): .needsReview
        case (.dispatching, _), (.inDoubt, _): nil

        case (.submitted, .accepted), (.submitted, .silenced), (.submitted, .actionTaken): .submitted
        case (.submitted, .actionRequired): .requiresAction
        case (.submitted, .succeeded): .succeeded
        case (.submitted, .refused): .failed
        case (.submitted, .returned): .reversed
        case (.submitted, .provenAbsent), (.submitted, .postponed), (.submitted, .unsent): .submitted
        case (.submitted, .contradicted), (.submitted, .givenUp): .needsReview
        case (.submitted, _): nil

        case (.requiresAction, .actionRequired), (.requiresAction, .silenced): .requiresAction
        case (.requiresAction, .actionTaken), (.requiresAction, .accepted): .submitted
        case (.requiresAction, .succeeded): .succeeded
        case (.requiresAction, .refused), (.requiresAction, .expired): .failed
        case (.requiresAction, .cancelRequested): .canceled
        case (.requiresAction, .returned): .reversed
        case (.requiresAction, .contradicted), (.requiresAction, .provenAbsent), (.requiresAction, .givenUp):
            .needsReview
        case (.requiresAction, _): nil

        case (.succeeded, .succeeded), (.succeeded, .accepted), (.succeeded, .silenced): .succeeded
        case (.succeeded, .returned): .reversed
        case (.succeeded, .contradicted), (.succeeded, .refused), (.succeeded, .provenAbsent): .needsReview
        case (.succeeded, _): nil

        case (.reversed, .returned), (.reversed, .accepted), (.reversed, .silenced): .reversed
        case (.reversed, .succeeded), (.reversed, .contradicted): .needsReview
        case (.reversed, _): nil

        case (.failed, .refused), (.failed, .silenced), (.failed, .provenAbsent): .failed
        case (.failed, .accepted): .failed
        case (.failed, .returned): .reversed
        case (.failed, .succeeded), (.failed, .contradicted): .needsReview
        case (.failed, _): nil

        case (.canceled, .cancelRequested), (.canceled, .silenced), (.canceled, .provenAbsent): .canceled
        case (.canceled, .succeeded), (.canceled, .accepted), (.canceled, .returned), (.canceled, .contradicted):
            .needsReview
        case (.canceled, _): nil

        case (.needsReview, .confirmedSucceeded): .succeeded
        case (.needsReview, .confirmedFailed): .failed
        case (.needsReview, .confirmedReversed): .reversed
        case (.needsReview, .confirmedCanceled): .canceled
        case (.needsReview, _): .needsReview
        }
    }
}

extension RefundLifecycle {
    /// One thing that can happen to a refund in a status, and where it leads.
    package struct Move: Sendable, Equatable {
        package let from: RefundStatus
        package let happening: RefundHappening
        package let to: RefundStatus
    }

    /// Every move that is allowed, in the order of the statuses and of the happenings.
    package static var moves: [Move] {
        let lifecycle = RefundLifecycle()
        return RefundStatus.allCases.flatMap { status in
            RefundHappening.allCases.compactMap { happening in
                lifecycle.next(status, on: happening).map { Move(from: status, happening: happening, to: $0) }
            }
        }
    }
}
