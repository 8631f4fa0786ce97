import ConnectorKit
import Domain
import MemoryStorage
import Storage

/// Whether the books have come to agree with what really happened at the processors.
struct Verdict {
    let world: World
    let tables: Tables
    let processors: [SimulatedProcessor]
    let givenUp: Set<Refund.ID>

    /// What is still not as it should be; empty once everything has settled.
    var disagreements: [String] { tables.refunds.all.compactMap(disagreement) }

    private func disagreement(_ refund: Refund) -> String? {
        guard refund.kind == .refund else { return nil }
        let newest = tables.attempts[refund.id]?.max { $0.number < $1.number }
        let isAnswered = (tables.evidence[refund.id] ?? [])
            .contains {
                $0.source == .reply && $0.attempt == newest?.number
            }
        if tables.evidence[refund.id]?.last?.source == .operator, refund.status == .needsReview {
            return "\(world.trace.name("refund", refund.id.raw)) was decided and is still in review"
        }
        if isAnswered, newest?.outcome == nil {
            return "\(world.trace.name("refund", refund.id.raw)) has an answered attempt that has not ended"
        }
        let allowed = allowedStatuses(refund)
        guard !allowed.contains(refund.status) else { return nil }
        let words = allowed.map(\.rawValue).joined(separator: " or ")
        return "\(world.trace.name("refund", refund.id.raw)) is \(refund.status.rawValue), not \(words)"
    }

    private func allowedStatuses(_ refund: Refund) -> [RefundStatus] {
        let processor = processors.first { $0.name == refund.connector }
        let key = tables.attempts[refund.id]?.first?.processorKey
        let operation = key.flatMap { processor?.operation($0) }
        var allowed = truth(refund, operation)
        // A processor that cannot be asked, and one that could not be asked for too long, leave it to a person.
        if processor?.certainty == .blind && refund.attempts > 0 || givenUp.contains(refund.id) {
            allowed.append(.needsReview)
        }
        // A person decides by what really happened, which an honest reading of the evidence may not show.
        if (tables.evidence[refund.id] ?? []).contains(where: { $0.source == .operator }) {
            allowed.append(operation.flatMap { outcome($0) } ?? .failed)
        }
        return allowed
    }

    /// Nothing arrived: it was withdrawn, or called off because its payment's money went elsewhere.
    private func withoutOperation(_ refund: Refund) -> [RefundStatus] {
        if refund.firstSentAt == nil { return [.canceled] }
        let isCalledOff = refund.failure?.code == .disputed || refund.failure?.code == .invalid
        return isCalledOff ? [.failed] : [.needsReview]
    }

    private func outcome(_ operation: Operation) -> RefundStatus? {
        switch operation.claim(at: world.scheduler.now).claim {
        case .succeeded: .succeeded
        case .refused: .failed
        case .returned: .reversed
        default: nil
        }
    }

    private func truth(_ refund: Refund, _ operation: Operation?) -> [RefundStatus] {
        guard let operation else { return withoutOperation(refund) }
        switch operation.fate {
        case .otherAmount: return [.needsReview]
        case .lateSuccess:
            let sawFailure = (tables.evidence[refund.id] ?? [])
                .contains {
                    $0.claim == .refused && $0.source != .notification
                }
            return sawFailure ? [.needsReview] : [.succeeded]
        case .succeeds, .declined, .refusedLater, .returnedLater, .needsPayer:
            return outcome(operation).map { [$0] } ?? []
        }
    }
}
