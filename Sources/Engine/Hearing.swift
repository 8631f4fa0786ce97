import ConnectorKit
import Domain
import Storage

/// What follows for a refund from one thing that was heard about it: the evidence, and the step.
struct Hearing {
    private(set) var changes: [Change] = []
    private var move: RefundMove
    private let attempt: Int64?
    private let source: EvidenceSource
    private let capabilities: ConnectorCapabilities?
    private let rules: Rules

    init(move: RefundMove, attempt: Int64?, source: EvidenceSource, context: DecisionContext) {
        self.move = move
        self.attempt = attempt
        self.source = source
        capabilities = context.connectors.connector(named: move.refund.connector)?.capabilities
        rules = context.rules
    }

    /// The processor said something. An amount or currency that is not ours contradicts it.
    mutating func hear(_ answer: ProcessorAnswer, _ context: inout DecisionContext) {
        let refund = move.refund
        let isOurs =
            (answer.amount ?? refund.amount) == refund.amount
            && (answer.currency ?? refund.currency) == refund.currency
        keep(answer.claim, answer, &context)
        take(isOurs ? answer.claim : .contradicted, answer, context)
    }

    /// Nothing was heard, or nothing was sent.
    mutating func note(_ claim: EvidenceClaim, _ context: inout DecisionContext) {
        keep(claim, nil, &context)
        take(claim, nil, context)
    }

    /// The processor never heard of it. That proves something only once it would have been visible.
    mutating func hearAbsence(startedAt: Moment?, _ context: inout DecisionContext) {
        keep(.absent, nil, &context)
        let visibleAt = (startedAt ?? move.refund.createdAt).adding(capabilities?.visibilityDelay ?? .zero)
        if context.moment >= visibleAt { take(.absent, nil, context) } else { wait(context) }
    }

    /// Nothing was learned: ask again later.
    mutating func wait(_ context: DecisionContext) {
        let next = context.moment.adding(patience(context.moment))
        changes += move.step(to: move.refund.status, by: .system(move.refund.book, "reconciler"), context) {
            $0.dueAt = next
        }
    }

    private mutating func keep(_ claim: EvidenceClaim, _ answer: ProcessorAnswer?, _ context: inout DecisionContext) {
        let fact = Evidence(
            id: context.newID(),
            book: move.refund.book,
            refund: move.refund.id,
            attempt: attempt,
            source: source,
            claim: claim,
            amount: answer?.amount,
            currency: answer?.currency,
            processorReference: answer?.reference,
            failure: answer?.failure,
            processorTime: answer?.processorTime,
            arrivedAt: context.moment
        )
        changes.append(.insert(.evidence(fact)))
    }

    private mutating func take(_ claim: EvidenceClaim, _ answer: ProcessorAnswer?, _ context: DecisionContext) {
        guard let next = rules.lifecycle.next(move.refund.status, on: happening(claim)) else { return }
        let dueAt = nextTurn(next, answer, context.moment)
        changes += move.step(to: next, by: .system(move.refund.book, move.refund.connector), context) { refund in
            refund.processorReference = answer?.reference ?? refund.processorReference
            refund.dueAt = dueAt
            switch next {
            case .succeeded: refund.succeededAt = refund.succeededAt ?? answer?.processorTime ?? context.moment
            case .failed: refund.failure = answer?.failure ?? RefundFailure(.declined)
            case .reversed: refund.failure = RefundFailure(.reversed, detail: answer?.failure?.detail)
            case .requiresAction: refund.expiresAt = answer?.until
            case .queued: refund.pendingReason = claim == .postponed ? .insufficientFunds : nil
            case .awaitingApproval, .dispatching, .inDoubt, .submitted, .canceled, .needsReview: break
            }
        }
    }

    private func happening(_ claim: EvidenceClaim) -> RefundHappening {
        switch claim {
        case .none: .silenced
        case .unsent: .unsent
        case .postponed: .postponed
        case .accepted: .accepted
        case .actionRequired: .actionRequired
        case .actionTaken: .actionTaken
        case .succeeded: .succeeded
        case .refused: .refused
        case .returned: .returned
        case .absent: .provenAbsent
        case .contradicted: .contradicted
        }
    }

    /// When a worker should look at it again; `nil` when there is nothing left to do.
    private func nextTurn(_ status: RefundStatus, _ answer: ProcessorAnswer?, _ moment: Moment) -> Moment? {
        switch status {
        case .queued: answer?.until ?? moment.adding(patience(moment))
        case .inDoubt, .submitted, .dispatching: moment.adding(patience(moment))
        case .requiresAction: min(moment.adding(patience(moment)), answer?.until ?? Moment(milliseconds: .max))
        case .awaitingApproval: move.refund.expiresAt
        case .succeeded, .reversed, .failed, .canceled, .needsReview: nil
        }
    }

    /// A quarter of the time since the first attempt, between the connector's interval and an hour.
    private func patience(_ moment: Moment) -> Duration {
        let since = moment.milliseconds - (move.refund.firstSentAt ?? moment).milliseconds
        let least = capabilities?.pollInterval ?? .seconds(60)
        return min(max(least, .milliseconds(since / 4)), .seconds(3600))
    }
}
