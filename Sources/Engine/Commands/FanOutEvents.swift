import Domain
import Storage

/// Turns the next stretch of a book's events into deliveries to one endpoint, and moves its mark behind them, in one
/// transaction: whoever dies in between leaves neither.
package struct FanOutEvents: Command {
    /// As it was read: if it has changed since, or somebody else was faster, nothing is done.
    package let endpoint: WebhookEndpoint
    package let from: EventPlace
    /// Every event behind that mark, in their order, up to the last of them.
    package let events: [PlacedEvent]

    package init(endpoint: WebhookEndpoint, from: EventPlace, events: [PlacedEvent]) {
        self.endpoint = endpoint
        self.from = from
        self.events = events
    }

    private var name: ObjectName { ObjectName(.webhookEndpoint, endpoint.id.raw, in: endpoint.book) }
    private var taken: [Event] { events.map(\.event).filter(endpoint.takes) }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [name]
        footprint.webhookMarks = [WebhookName(endpoint.book, endpoint.id)]
        footprint.lanes = Set(taken.map { Lane(endpoint.book, endpoint.id, $0.object.id) })
        return footprint
    }

    /// - Returns: whether the mark has moved.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Bool> {
        guard let last = events.last?.place, let current = set.endpoint(name), current.isActive,
            current.types == endpoint.types, var mark = set.webhookMarks[endpoint.id],
            EventPlace(transaction: mark.transaction, number: mark.number) == from
        else { return Decision([], false) }
        mark.transaction = last.transaction
        mark.number = last.number
        var changes: [Change] = [.update(.webhookMark(mark))]
        var busy: Set<Lane> = []
        for event in taken {
            let lane = Lane(endpoint.book, endpoint.id, event.object.id)
            let isFree = !busy.contains(lane) && set.head(of: lane) == nil
            busy.insert(lane)
            changes.append(.insert(.delivery(Delivery(of: event, to: current, isFree: isFree, &context))))
        }
        return Decision(changes, true)
    }
}

extension Delivery {
    /// - Parameter isFree: whether nothing of the same object is to be sent before.
    init(of event: Event, to endpoint: WebhookEndpoint, isFree: Bool, _ context: inout DecisionContext) {
        self.init(
            id: context.newID(),
            endpoint: endpoint,
            event: event,
            createdAt: context.moment,
            state: isFree ? .pending : .waiting,
            dueAt: isFree ? context.moment : nil
        )
    }
}
