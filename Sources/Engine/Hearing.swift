import ConnectorKit
import Domain
import Storage

/// What follows for a refund from one thing that was heard about it: the evidence, and the step.
///
/// The step follows from everything heard so far, taken together, never from the news alone.
struct Hearing {
    private(set) var changes: [Change] = []
    private(set) var move: RefundMove
    /// As it is after what was heard.
    var refund: Refund { move.refund }
    private var facts: [Evidence]
    private let attempt: Int64?
    let newest: Attempt?
    private let source: EvidenceSource
    let isUndisturbed: Bool
    private var mayGiveUp = true
    let capabilities: ConnectorCapabilities?
    private let rules: Rules

    /// - Parameters:
    ///   - isUndisturbed: whether nothing else was heard between a call and this answer to it.
    ///   - set: holds the refund's evidence so far.
    init(
        move: RefundMove,
        attempt: Int64?,
        source: EvidenceSource,
        isUndisturbed: Bool = false,
        _ set: WorkingSet,
        _ context: DecisionContext
    ) {
        self.isUndisturbed = isUndisturbed
        self.move = move
        self.attempt = attempt
        self.source = source
        newest = set.newestAttempt(of: move.refund.id)
        facts = set.evidence(of: move.refund.id)
        capabilities = context.connectors.connector(named: move.refund.connector)?.capabilities
        rules = context.rules
    }

    /// The processor said something. An amount or currency that is not ours contradicts it.
    mutating func hear(_ answer: ProcessorAnswer, _ context: inout DecisionContext) {
        keep(rules.hearing.isOurs(answer, move.refund) ? answer.claim : .contradicted, answer, &context)
        conclude(answer, context)
    }

    /// Nothing was heard, or nothing was sent.
    mutating func note(_ claim: EvidenceClaim, _ context: inout DecisionContext) {
        keep(claim, nil, &context)
        conclude(nil, context)
    }

    /// The processor never heard of it. That proves something only once it would have been visible.
    ///
    /// - Parameter askedAt: when the question left, not when its answer is written down.
    mutating func hearAbsence(askedAt: Moment, _ context: inout DecisionContext) {
        guard let newest, let capabilities else { return wait(context) }
        // Of what was heard since the question left it knows nothing.
        let call = rules.hearing.end(newest, context.knownSince)
        let isProof = isUndisturbed && rules.hearing.isAbsenceProof(call, askedAt, capabilities)
        keep(isProof ? .absent : .none, nil, &context)
        if isProof { conclude(nil, context) } else { wait(context) }
    }

    /// Nothing was learned: ask again later, also when there was an outcome before, since something made us ask.
    mutating func wait(_ context: DecisionContext) {
        let again = trustsNotifications ? nil : context.moment.adding(patience(context.moment))
        conclude(nil, context) { $0.dueAt = $0.dueAt ?? again }
    }

    /// The process that was waiting for an answer is gone. However long that was, the processor is asked first.
    mutating func loseTrack(_ context: inout DecisionContext) {
        mayGiveUp = false
        note(.none, &context)
    }

    /// A person decided, having seen the evidence.
    mutating func decide(_ claim: EvidenceClaim, by origin: Origin, _ context: inout DecisionContext) {
        keep(claim, nil, &context)
        conclude(nil, context, by: origin)
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
        facts.append(fact)
        changes.append(.insert(.evidence(fact)))
    }

    private mutating func conclude(
        _ answer: ProcessorAnswer?,
        _ context: DecisionContext,
        by origin: Origin? = nil,
        edit: (inout Refund) -> Void = { _ in }
    ) {
        let told = rules.fold(facts, move.refund.attempts, trustsNotifications)
        let happening = happening(told, context.moment)
        let status = move.refund.status
        // Of what was never sent nothing can be told.
        let isHint = source == .notification && (!trustsNotifications || newest == nil)
        // A hint moves nothing, but it stops what was about to be sent again.
        let isIdle = isHint && !(status == .queued && happening == .doubted)
        let next = isIdle ? status : rules.lifecycle(status, happening) ?? status
        let dueAt = isIdle ? hinted(status, context.moment) : nextTurn(next, answer, context.moment)
        let failure = answer?.failure ?? lastRefusal
        let sentAt = move.refund.firstSentAt ?? firstSending(told)
        changes += move.step(to: next, by: origin ?? .system(move.refund.book, move.refund.connector), context) {
            refund in
            // A hint may be forged: what it calls the refund is not what to ask by.
            if !isHint { refund.processorReference = answer?.reference ?? refund.processorReference }
            refund.dueAt = dueAt
            edit(&refund)
            guard next != status else { return }
            refund.firstSentAt = sentAt
            Hearing.describe(next, happening, answer, failure, context.moment, &refund)
        }
    }

    /// What a new status brings to the refund's members.
    private static func describe(
        _ status: RefundStatus,
        _ happening: RefundHappening,
        _ answer: ProcessorAnswer?,
        _ failure: RefundFailure?,
        _ moment: Moment,
        _ refund: inout Refund
    ) {
        switch status {
        case .succeeded:
            refund.succeededAt = refund.succeededAt ?? answer?.processorTime ?? moment
            refund.failure = nil
        case .failed: refund.failure = failure ?? RefundFailure(.declined)
        case .reversed: refund.failure = RefundFailure(.reversed, detail: answer?.failure?.detail)
        case .canceled: refund.failure = RefundFailure(.canceled)
        case .requiresAction: refund.expiresAt = answer?.until
        case .queued: refund.pendingReason = happening == .postponed ? .insufficientFunds : nil
        case .awaitingApproval, .dispatching, .inDoubt, .submitted, .needsReview: break
        }
    }

    var trustsNotifications: Bool { capabilities.map(rules.hearing.trustsNotifications) ?? false }

    /// What the evidence says, or that it has said too little for too long.
    private func happening(_ told: RefundHappening, _ moment: Moment) -> RefundHappening {
        let isOverdue = mayGiveUp && moment >= doubtedSince(moment).adding(rules.hearing.longestDoubt)
        return switch told {
        case .silenced where trustsNotifications || isOverdue: .givenUp
        case .doubted where isOverdue: .givenUp
        case .provenAbsent where isOverdue, .unsent where isOverdue: .givenUp
        case .accepted where isForgotten(moment), .actionTaken where isForgotten(moment): .givenUp
        case .actionRequired where isForgotten(moment) && moment >= (move.refund.expiresAt ?? moment): .givenUp
        case .accepted where isOverdue && hasVanished, .actionTaken where isOverdue && hasVanished,
            .actionRequired where isOverdue && hasVanished:
            .givenUp
        default: told
        }
    }

    /// Whether the processor has had it for longer than any takes.
    private func isForgotten(_ moment: Moment) -> Bool {
        moment >= triedSince(moment).adding(rules.hearing.longestWait)
    }

    /// Whether the processor had it and then proved not to know it any more: no answer will come.
    private var hasVanished: Bool {
        guard let absent = facts.lastIndex(where: { $0.claim == .absent }) else { return false }
        return !facts[absent...].contains { [.accepted, .actionRequired, .actionTaken].contains($0.claim) }
    }

    /// Since when nothing was heard that says what to do: having no funds yet is such an answer.
    private func doubtedSince(_ moment: Moment) -> Moment {
        guard let postponed = facts.lastIndex(where: { $0.claim == .postponed }) else { return triedSince(moment) }
        return facts[(postponed + 1)...].first?.arrivedAt ?? moment
    }

    /// Since when it is being tried, whether anything has left this machine yet or not.
    func triedSince(_ moment: Moment) -> Moment {
        let firstTold = facts.first { $0.attempt != nil }?.arrivedAt
        return move.refund.firstSentAt ?? [firstTold, newest?.startedAt].compactMap(\.self).min() ?? moment
    }

    /// When it was first sent, if the newest attempt is the first of which that can be said: one that never left
    /// this machine was no sending, and what a person says is none either.
    private func firstSending(_ told: RefundHappening) -> Moment? {
        told == .unsent || source == .operator ? nil : newest?.startedAt
    }

    /// The newest refusal's words, for a person who agrees with it.
    private var lastRefusal: RefundFailure? { facts.last { $0.claim == .refused && $0.failure != nil }?.failure }
}
