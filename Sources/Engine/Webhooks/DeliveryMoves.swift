import Domain
import Storage

extension Delivery {
    /// It is the head of its lane.
    mutating func wait(until moment: Moment) {
        state = .pending
        dueAt = moment
        endedAt = nil
    }

    mutating func end(_ state: DeliveryState, _ context: DecisionContext) {
        self.state = state
        dueAt = nil
        endedAt = context.moment
    }

    /// Asked for once more: it begins anew, behind what is open in its lane. One that is still to be sent comes at once,
    /// if it is its turn.
    mutating func ask(again context: DecisionContext, isFree: Bool) {
        switch state {
        case .delivered, .givenUp:
            failures = 0
            endedAt = nil
            state = isFree ? .pending : .waiting
            dueAt = isFree ? context.moment : nil
        case .pending:
            failures = 0
            dueAt = context.moment
        case .waiting, .sending: break
        }
    }

    /// When it was taken up, of one that is being sent: it is due again once its lease is over.
    func claimedAt(_ rules: DeliveryRules) -> Moment? {
        dueAt?.adding(.zero - rules.timeout - DeliveryRules.margin)
    }

    /// The attempt that nobody saw end. It is no failure of the receiver's.
    func interruption(_ context: DecisionContext) -> DeliveryAttempt {
        let startedAt = min(context.moment, claimedAt(context.rules.delivery) ?? context.moment)
        return DeliveryAttempt(
            book: book,
            delivery: id,
            number: attempts,
            startedAt: startedAt,
            durationMilliseconds: max(0, context.moment.milliseconds - startedAt.milliseconds),
            outcome: .interrupted,
            reason: "the server stopped before an answer was written down"
        )
    }
}
