import ConnectorKit
import Domain

/// What a thing heard about a refund is worth.
package struct HearingRules: Sendable {
    /// What a call's end is evidence of. Everything that is not a clear answer is silence.
    package var claim: @Sendable (SubmissionOutcome) -> EvidenceClaim = { outcome in
        switch outcome {
        case .answered(let answer): answer.claim
        case .unsent: .unsent
        case .unknown: .none
        }
    }

    /// Whether an answer is about what was asked: another amount or currency contradicts it.
    package var isOurs: @Sendable (ProcessorAnswer, Refund) -> Bool = { answer, refund in
        (answer.amount ?? refund.amount) == refund.amount
            && (answer.currency ?? refund.currency) == refund.currency
    }

    /// A call with its end as one can count from it: how long ago anything was before `knownSince` nobody knows.
    package var end: @Sendable (Attempt, _ knownSince: Moment) -> Attempt = { attempt, knownSince in
        var call = attempt
        call.endedAt = attempt.endedAt.map { max($0, knownSince) }
        call.leaseUntil = max(attempt.leaseUntil, knownSince)
        return call
    }

    /// Whether not being found proves that a refund never arrived: only if it was asked about after everything
    /// that could still be under way would have been visible. A call counts as under way until it was seen to
    /// end, or until its lease ran out. Times of other nodes are taken with what clocks may differ by.
    ///
    /// - Parameter askedAt: when the question left, not when its answer is written down.
    package var isAbsenceProof: @Sendable (Attempt, _ askedAt: Moment, ConnectorCapabilities) -> Bool = {
        attempt,
        askedAt,
        capabilities in
        if let endedAt = attempt.endedAt, capabilities.visibilityDelay == .zero { return askedAt >= endedAt }
        let ended = attempt.endedAt ?? attempt.leaseUntil
        let delay = SteadyTime.ensuring(capabilities.visibilityDelay)
        return askedAt >= ended.adding(delay + SendingRules.clockTolerance)
    }

    /// Whether notifications are all that will ever be heard: then they rank as a read. Elsewhere they are hints.
    package var trustsNotifications: @Sendable (ConnectorCapabilities) -> Bool = { $0.certainty == .blind }

    /// How long an outcome may stay unknown before a person has to look.
    package var longestDoubt = Duration.seconds(3 * 86400)

    /// How long a processor may have an accepted refund without an outcome before a person has to look.
    package var longestWait = Duration.seconds(30 * 86400)

    package init() {}
}
