/// What a refund's evidence says, all of it taken together, in whatever order it came.
///
/// Success against a failure is a contradiction, unless the processor dates the failure after the success: then
/// the money came back. An acceptance says less than an outcome, an absence less than anything that was seen.
/// What came before an operator's decision is covered by it; what comes after it and says otherwise is a contradiction,
/// whatever its rank: a person looks again.
package struct EvidenceFold: Sendable {
    package init() {}

    /// - Parameters:
    ///   - facts: in the order of arrival, which matters for an operator's decision alone.
    ///   - attempt: the newest one's number; what an older one left open no longer counts.
    ///   - trustsNotifications: for a processor that cannot be asked.
    package func happening(
        _ facts: [Evidence],
        attempt: Int64,
        trustsNotifications: Bool
    ) -> RefundHappening {
        let trusted = facts.filter { $0.source != .notification || trustsNotifications }
        let isHinted = facts.contains(where: speaksOfIt)
        guard let decision = trusted.lastIndex(where: { $0.source == .operator }) else {
            return outcome(trusted) ?? progress(trusted, attempt, isHinted: isHinted)
        }
        let open = Array(trusted[decision...])
        if open.count == 1 { return confirmation(open[0].claim) }
        if open.dropFirst().contains(where: { contradicts(open[0], $0) }) { return .contradicted }
        return outcome(open) ?? progress(open, attempt, isHinted: isHinted)
    }

    /// Whether something heard after a person's decision does not go with it.
    private func contradicts(_ decision: Evidence, _ fact: Evidence) -> Bool {
        switch (decision.claim, fact.claim) {
        case (_, .contradicted): true
        case (.succeeded, .refused), (.succeeded, .withdrawn), (.succeeded, .absent), (.succeeded, .postponed): true
        // That money moved, or still may.
        case (.refused, .succeeded), (.refused, .returned), (.withdrawn, .succeeded), (.withdrawn, .returned): true
        case (.refused, .accepted), (.refused, .actionRequired), (.refused, .actionTaken): true
        case (.withdrawn, .accepted), (.withdrawn, .actionRequired), (.withdrawn, .actionTaken): true
        // A success goes with money that came back, unless it may be a later one.
        case (.returned, .succeeded): fact.processorTime.map { $0 > decision.arrivedAt } ?? true
        case (.returned, .absent), (.returned, .postponed): true
        default: false
        }
    }

    /// Whether money left, for good or not; `nil` while nothing says so. What contradicts itself once does so
    /// for ever, whatever is heard besides.
    private func outcome(_ facts: [Evidence]) -> RefundHappening? {
        if facts.contains(where: { $0.claim == .contradicted }) { return .contradicted }
        let successes = facts.filter { $0.claim == .succeeded }
        let failures = facts.filter { $0.claim == .refused || $0.claim == .withdrawn }
        let returns = facts.filter { $0.claim == .returned }
        let isContradicted = successes.contains { success in
            failures.contains { !isDated($0, after: success) } || returns.contains { isDated(success, after: $0) }
        }
        if isContradicted { return .contradicted }
        if !returns.isEmpty || (!successes.isEmpty && !failures.isEmpty) { return .returned }
        if !successes.isEmpty { return .succeeded }
        return failures.isEmpty ? nil : .refused
    }

    private func isDated(_ later: Evidence, after earlier: Evidence) -> Bool {
        guard let second = later.processorTime, let first = earlier.processorTime else { return false }
        return second > first
    }

    /// A notification that a refund is there. Where it is a hint it proves nothing, but it speaks against absence:
    /// better to ask on than to send twice.
    private func speaksOfIt(_ fact: Evidence) -> Bool { fact.source == .notification && fact.claim != .none }

    /// Whether the attempt that it is about can have reached the processor.
    private func mayHaveLeft(_ fact: Evidence) -> Bool { fact.claim != .unsent && fact.claim != .postponed }

    private func progress(_ facts: [Evidence], _ attempt: Int64, isHinted: Bool) -> RefundHappening {
        if facts.contains(where: { $0.claim == .actionTaken }) { return .actionTaken }
        if facts.contains(where: { $0.claim == .actionRequired }) { return .actionRequired }
        if facts.contains(where: { $0.claim == .accepted }) { return .accepted }
        let newest = facts.filter { $0.attempt == attempt }
        if newest.contains(where: { $0.claim == .absent }) { return isHinted ? .doubted : .provenAbsent }
        // The notification may be about an attempt before this one.
        let isDoubted = isHinted && facts.contains { $0.attempt.map { $0 < attempt } ?? false && mayHaveLeft($0) }
        if newest.contains(where: { $0.claim == .postponed }) { return isDoubted ? .doubted : .postponed }
        if newest.contains(where: { $0.claim == .unsent }) { return isDoubted ? .doubted : .unsent }
        return .silenced
    }

    private func confirmation(_ claim: EvidenceClaim) -> RefundHappening {
        switch claim {
        case .succeeded: .confirmedSucceeded
        case .refused: .confirmedFailed
        case .returned: .confirmedReversed
        case .withdrawn: .confirmedCanceled
        case .none, .unsent, .postponed, .accepted, .actionRequired, .actionTaken, .absent, .contradicted: .contradicted
        }
    }
}
