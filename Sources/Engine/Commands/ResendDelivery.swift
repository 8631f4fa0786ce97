import Domain
import Storage

/// Sends an event once more, or at once.
package struct ResendDelivery: Command {
    package let origin: Origin
    /// As it was read: of its members that never change the lane is known.
    package let delivery: Delivery

    package init(origin: Origin, delivery: Delivery) {
        self.origin = origin
        self.delivery = delivery
    }

    private var name: ObjectName { ObjectName(.delivery, delivery.id.raw, in: delivery.book) }
    private var endpoint: ObjectName { ObjectName(.webhookEndpoint, delivery.endpoint.raw, in: delivery.book) }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [name, endpoint]
        footprint.lanes = [Lane(of: delivery)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Delivery> {
        guard let known = set.delivery(name), let endpoint = set.endpoint(endpoint) else {
            throw .notFound(.delivery, text: "")
        }
        guard endpoint.isActive else { throw .rejected(.endpointDisabled) }
        var delivery = known
        delivery.ask(again: context, isFree: set.head(of: Lane(of: delivery)) == nil)
        return Decision(delivery == known ? [] : [.update(.delivery(delivery))], delivery)
    }
}
