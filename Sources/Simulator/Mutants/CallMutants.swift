import ConnectorKit
import Domain
import Engine

extension Mutant {
    static let sending: [Mutant] = [
        Mutant("each attempt has a key of its own") {
            $0.rules.sending.processorKey = { refund, attempt in "rf\(refund.id.raw)-\(attempt)" }
        },
        Mutant("refunds of one amount share a key") {
            $0.rules.sending.processorKey = { refund, _ in "rf\(refund.amount)" }
        },
        Mutant("a lease ends when it begins") { $0.rules.sending.lease = { moment, _ in moment } },
        Mutant("a worker that comes too late calls all the same") { $0.rules.sending.maySend = { _, _ in true } },
        Mutant("a worker never gets round to calling") { $0.rules.sending.maySend = { _, _ in false } },
        Mutant("a stale worker ends an attempt that has ended") { $0.rules.sending.isCurrent = { _, _ in true } },
        Mutant("no worker ends its attempt") { $0.rules.sending.isCurrent = { _, _ in false } },
        Mutant("whatever is in doubt is sent again") {
            $0.rules.sending.resends = { status, _, _ in status == .inDoubt }
        },
        Mutant("what is submitted is sent again") {
            $0.rules.sending.resends = { status, _, _ in status == .inDoubt || status == .submitted }
        },
        Mutant("nothing is sent again, and a keyed processor is not asked") {
            $0.rules.sending.resends = { _, _, _ in false }
            $0.rules.hearing.isAbsenceProof = { _, _, _ in false }
        },
    ]

    static let hearing: [Mutant] = [
        Mutant("no answer counts as refused") {
            $0.rules.hearing.claim = { $0.isUnknown ? .refused : HearingRules().claim($0) }
        },
        Mutant("no answer counts as never sent") {
            $0.rules.hearing.claim = { $0.isUnknown ? .unsent : HearingRules().claim($0) }
        },
        Mutant("no answer counts as success") {
            $0.rules.hearing.claim = { $0.isUnknown ? .succeeded : HearingRules().claim($0) }
        },
        Mutant("a refused connection counts as a refusal") {
            $0.rules.hearing.claim = { HearingRules().claim($0) == .unsent ? .refused : HearingRules().claim($0) }
        },
        Mutant("an answer about another amount is taken") { $0.rules.hearing.isOurs = { _, _ in true } },
        Mutant("no answer is ours") { $0.rules.hearing.isOurs = { _, _ in false } },
        Mutant("absence counts at once") { $0.rules.hearing.isAbsenceProof = { _, _, _ in true } },
        Mutant("absence counts without the visibility delay") {
            $0.rules.hearing.isAbsenceProof = { attempt, askedAt, _ in
                askedAt >= (attempt.endedAt ?? attempt.leaseUntil.adding(.seconds(5)))
            }
        },
        Mutant("absence counts while the call may be under way") {
            $0.rules.hearing.isAbsenceProof = { attempt, askedAt, capabilities in
                askedAt >= (attempt.endedAt ?? attempt.startedAt).adding(capabilities.visibilityDelay)
            }
        },
        Mutant("notifications of any processor rank as a read") {
            $0.rules.hearing.trustsNotifications = { _ in true }
        },
        Mutant("notifications of a blind processor are dropped") {
            $0.rules.hearing.trustsNotifications = { _ in false }
        },
        Mutant("a doubt is given up at once") { $0.rules.hearing.longestDoubt = .milliseconds(1) },
    ]
}

extension SubmissionOutcome {
    fileprivate var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
}
