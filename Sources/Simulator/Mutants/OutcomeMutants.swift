import Domain
import Engine

extension Mutant {
    static let lifecycle: [Mutant] = [
        move("a call without an answer counts as failed", [.dispatching], .silenced, .failed),
        move("a call without an answer is queued again", [.dispatching], .silenced, .queued),
        move("a doubt that lasts counts as failed", [.inDoubt], .givenUp, .failed),
        move("a refused refund stays submitted", [.submitted], .refused, .submitted),
        move("success after failure is dropped", [.failed], .contradicted, .failed),
        move("success after failure counts as success", [.failed], .contradicted, .succeeded),
        move("a return after success is dropped", [.succeeded], .returned, .succeeded),
        move("a return after success counts as failed", [.succeeded], .returned, .failed),
        move("a contradiction after success is dropped", [.succeeded, .submitted], .contradicted, .succeeded),
        Mutant("a refund in flight can be withdrawn") {
            $0.rules.sending.mayWithdraw = { _ in true }
            let right = $0.rules.lifecycle
            $0.rules.lifecycle = { status, happening in
                happening == .cancelRequested && (status == .dispatching || status == .inDoubt)
                    ? .canceled : right(status, happening)
            }
        },
        Mutant("a refund that waits to be sent again can be withdrawn") {
            $0.rules.sending.mayWithdraw = { _ in true }
        },
        move("a withdrawn refund is sent all the same", [.queued], .cancelRequested, .queued),
        move("a refund under review decides itself", [.needsReview], .succeeded, .succeeded),
        move("absence proves nothing ever", [.inDoubt, .dispatching], .provenAbsent, .inDoubt),
        move("what the payer did not do counts as done", [.requiresAction], .refused, .succeeded),
    ]

    /// One cell, or a few, of the table of moves.
    static func move(
        _ name: String,
        _ from: [RefundStatus],
        _ happening: RefundHappening,
        _ to: RefundStatus
    ) -> Mutant {
        Mutant(name) {
            let right = $0.rules.lifecycle
            $0.rules.lifecycle = { from.contains($0) && $1 == happening ? to : right($0, $1) }
        }
    }

    static let fold: [Mutant] = [
        Mutant("the oldest fact wins") {
            $0.rules.fold = { facts, attempt, trusts in
                let heard = facts.filter { $0.source != .notification || trusts }.prefix(1)
                return EvidenceFold().happening(Array(heard), attempt: attempt, trustsNotifications: trusts)
            }
        },
        Mutant("success wins over a contradiction") {
            $0.rules.fold = { facts, attempt, trusts in
                let right = EvidenceFold().happening(facts, attempt: attempt, trustsNotifications: trusts)
                let succeeded = facts.contains { $0.claim == .succeeded && ($0.source != .notification || trusts) }
                return right == .contradicted && succeeded ? .succeeded : right
            }
        },
        Mutant("failure wins over a contradiction") {
            $0.rules.fold = { facts, attempt, trusts in
                let right = EvidenceFold().happening(facts, attempt: attempt, trustsNotifications: trusts)
                let refused = facts.contains { $0.claim == .refused && ($0.source != .notification || trusts) }
                return right == .contradicted && refused ? .refused : right
            }
        },
        Mutant("notifications are believed") {
            $0.rules.fold = { facts, attempt, _ in
                EvidenceFold().happening(facts, attempt: attempt, trustsNotifications: true)
            }
            $0.rules.hearing.trustsNotifications = { _ in true }
        },
        Mutant("absence counts as refusal") {
            $0.rules.fold = { facts, attempt, trusts in
                let right = EvidenceFold().happening(facts, attempt: attempt, trustsNotifications: trusts)
                return right == .provenAbsent ? .refused : right
            }
        },
        Mutant("an older attempt's silence counts for the newest") {
            $0.rules.fold = { facts, _, trusts in
                EvidenceFold().happening(facts, attempt: 1, trustsNotifications: trusts)
            }
        },
        Mutant("a return is taken for a refusal") {
            $0.rules.fold = { facts, attempt, trusts in
                let right = EvidenceFold().happening(facts, attempt: attempt, trustsNotifications: trusts)
                return right == .returned ? .refused : right
            }
        },
    ]
}
