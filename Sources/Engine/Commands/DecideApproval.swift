import ConnectorKit
import Domain
import Storage

/// A person lets a refund that waits for approval go out, or calls it off.
package struct DecideApproval: Command {
    package let origin: Origin
    package let refund: ObjectName
    package let isApproved: Bool
    /// Why, where the person said so; kept for operators and shown to nobody else.
    package let note: String?
    package let policy: RefundPolicy

    package init(
        origin: Origin,
        refund: ObjectName,
        isApproved: Bool,
        note: String? = nil,
        policy: RefundPolicy = RefundPolicy()
    ) {
        self.origin = origin
        self.refund = refund
        self.isApproved = isApproved
        self.note = note
        self.policy = policy
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [refund]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard var move = RefundMove(refund, in: set) else {
            throw .notFound(.refund, text: refund.spelling?.text ?? "")
        }
        var changes: [Change]
        do throws(Rejection) {
            changes = try isApproved ? approve(&move, context) : reject(&move, context)
        } catch {
            throw .rejected(error)
        }
        if let note, !note.isEmpty {
            let reference = ObjectReference(.refund, move.refund.id.raw)
            changes.append(.insert(.note(Note(book: origin.book, object: reference, name: "approval", text: note))))
        }
        return Decision(changes) { [origin, refund = move.refund] set in
            set.details(of: refund, dialect: origin.dialect)
        }
    }

    /// What has changed since it was asked for counts: nobody approves money that the payer's bank took back.
    private func approve(_ move: inout RefundMove, _ context: DecisionContext) throws(Rejection) -> [Change] {
        let refund = move.refund
        guard let next = context.rules.lifecycle(refund.status, .approved) else {
            throw .notAwaitingApproval(refund.status)
        }
        if let expiresAt = refund.expiresAt, context.moment >= expiresAt { throw .approvalExpired }
        guard context.rules.approval.mayDecide(origin.actor, refund) else { throw .ownApproval }
        guard let connector = context.connectors.connector(named: refund.connector) else {
            throw .noProcessorConfigured
        }
        if move.payment.isDisputed { throw .paymentDisputed }
        if move.payment.excess > 0 { throw .paymentInExcess }
        return move.step(to: next, by: origin, context) { $0.queue(at: context.moment, policy, connector) }
    }

    private func reject(_ move: inout RefundMove, _ context: DecisionContext) throws(Rejection) -> [Change] {
        guard let next = context.rules.lifecycle(move.refund.status, .rejected) else {
            throw .notAwaitingApproval(move.refund.status)
        }
        return move.step(to: next, by: origin, context) { refund in
            refund.failure = RefundFailure(.canceled)
            refund.dueAt = nil
        }
    }
}
