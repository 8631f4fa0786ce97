import Domain
import Storage

/// Tells an endpoint events once more, or for the first time: those of each object in their order, behind what is open.
package struct ReplayEvents: Command {
    package let origin: Origin
    package let endpoint: ObjectName
    /// Those that the endpoint has not come to yet are left out: they come by themselves.
    package let events: [PlacedEvent]

    package init(origin: Origin, endpoint: ObjectName, id: WebhookEndpoint.ID, events: [PlacedEvent]) {
        self.origin = origin
        self.endpoint = endpoint
        self.events = events.sorted { $0.event.sequence < $1.event.sequence }
        self.id = id
    }

    private let id: WebhookEndpoint.ID

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [endpoint]
        footprint.webhookMarks = [WebhookName(origin.book, id)]
        footprint.tellings = Set(events.map { Telling(lane(of: $0.event), $0.event.sequence) })
        footprint.lanes = Set(events.map { lane(of: $0.event) })
        return footprint
    }

    private func lane(of event: Event) -> Lane { Lane(origin.book, id, event.object.id) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ReplayDetails> {
        guard let endpoint = set.endpoint(endpoint), let mark = set.webhookMarks[id] else {
            throw .notFound(.webhookEndpoint, text: self.endpoint.spelling?.text ?? "")
        }
        guard endpoint.isActive else { throw .rejected(.endpointDisabled) }
        let reached = EventPlace(transaction: mark.transaction, number: mark.number)
        var changes: [Change] = []
        var busy: Set<Lane> = []
        var queued = 0
        for event in events where event.place <= reached {
            let lane = lane(of: event.event)
            let isFree = !busy.contains(lane) && set.head(of: lane) == nil
            if let known = set.delivery(Telling(lane, event.event.sequence)) {
                var delivery = known
                delivery.ask(again: context, isFree: isFree)
                guard delivery != known else { continue }
                changes.append(.update(.delivery(delivery)))
            } else {
                let delivery = Delivery(of: event.event, to: endpoint, isFree: isFree, &context)
                changes.append(.insert(.delivery(delivery)))
            }
            busy.insert(lane)
            queued += 1
        }
        return Decision(changes, ReplayDetails(endpoint: id, queued: queued))
    }
}
