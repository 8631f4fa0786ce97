import ConnectorKit
import Domain

/// When a refund is looked at again.
extension Hearing {
    /// When a worker should look at it again; `nil` when there is nothing left to do.
    func nextTurn(_ status: RefundStatus, _ answer: ProcessorAnswer?, _ moment: Moment) -> Moment? {
        switch status {
        case .queued: later(answer?.until, moment) ?? moment.adding(patience(moment))
        case .inDoubt, .submitted, .dispatching: moment.adding(patience(moment))
        case .requiresAction:
            min(moment.adding(patience(moment)), later(answer?.until, moment) ?? Moment(milliseconds: .max))
        case .awaitingApproval: move.refund.expiresAt
        // An outcome can change still: a processor that can be asked may say when to ask again.
        case .succeeded, .failed:
            (trustsNotifications ? nil : later(answer?.until, moment)) ?? pendingTurn
        case .reversed, .canceled, .needsReview: pendingTurn
        }
    }

    /// A decided refund's turn that a hint gave it: only the answer to a question asked since takes it away.
    private var pendingTurn: Moment? { isUndisturbed ? nil : move.refund.dueAt }

    /// A processor's own date, but never before its interval has passed: its clock may be behind.
    private func later(_ until: Moment?, _ moment: Moment) -> Moment? {
        until.map { max($0, moment.adding(capabilities?.pollInterval ?? .seconds(60))) }
    }

    /// A hint makes a refund's next turn come now, unless nothing was ever sent, or asking might mean to send it
    /// again while its call is still in flight.
    func hinted(_ status: RefundStatus, _ moment: Moment) -> Moment? {
        guard let newest else { return move.refund.dueAt }
        return switch status {
        case .dispatching, .awaitingApproval, .queued, .needsReview: move.refund.dueAt
        case .inDoubt: newest.isInFlight(at: moment) ? move.refund.dueAt : moment
        case .submitted, .requiresAction, .succeeded, .reversed, .failed, .canceled: moment
        }
    }

    /// A quarter of the time since the first attempt, between the connector's interval and an hour.
    func patience(_ moment: Moment) -> Duration {
        let since = moment.milliseconds - triedSince(moment).milliseconds
        let least = capabilities?.pollInterval ?? .seconds(60)
        return min(max(least, .milliseconds(since / 4)), .seconds(3600))
    }
}
