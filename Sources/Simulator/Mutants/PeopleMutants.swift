import Domain
import Engine

extension Mutant {
    static let people: [Mutant] = [
        Mutant("nothing ever needs an approval") { $0.rules.approval.needs = { _, _ in false } },
        Mutant("whoever asked for a refund may approve it") { $0.rules.approval.mayDecide = { _, _ in true } },
        move("a refund that nobody approved goes out", [.awaitingApproval], .expired, .queued),
        move("a rejected refund goes out", [.awaitingApproval], .rejected, .queued),
        move("a decision of failure counts as success", [.needsReview], .confirmedFailed, .succeeded),
        move("a person's decision is not carried out", [.needsReview], .confirmedSucceeded, .needsReview),
        Mutant("a disputed payment's waiting refunds are sent") { $0.rules.disputes.withdraws = { _ in false } },
        Mutant("a disputed payment's refunds are withdrawn in flight") {
            $0.rules.disputes.withdraws = { $0.status == .queued || $0.status == .dispatching || $0.status == .inDoubt }
            let right = $0.rules.lifecycle
            $0.rules.lifecycle = { status, happening in
                happening == .cancelRequested && (status == .dispatching || status == .inDoubt)
                    ? .canceled : right(status, happening)
            }
        },
        Mutant("a disputed payment's refunds go out") { $0.rules.sending.mayLeave = { _ in true } },
        Mutant("a disputed amount is not held") { $0.rules.amounts.dispute = { _, _, _ in } },
        Mutant("a won dispute's amount stays away") {
            $0.rules.postings.dispute = { before, after in
                after == .won ? nil : PostingRules().dispute(before, after)
            }
        },
        Mutant("a fact from outside counts each time it is told") { $0.rules.external.isKnown = { _, _, _ in false } },
        Mutant("a found refund is booked though it may be ours") { $0.rules.external.mayBeOurs = { _, _ in false } },
    ]
}
