import Domain
import Storage

/// Makes an event that only this endpoint is told of: a test that goes the way of every other.
package struct PingWebhookEndpoint: Command {
    package let origin: Origin
    package let endpoint: ObjectName

    package init(origin: Origin, endpoint: ObjectName) {
        self.origin = origin
        self.endpoint = endpoint
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [endpoint]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<PingDetails> {
        var endpoint = try set.found(endpoint)
        guard endpoint.isActive else { throw .rejected(.endpointDisabled) }
        endpoint.sequence += 1
        let event = endpoint.event(WebhookEndpoint.ping, by: origin, context)
        return Decision([.update(.webhookEndpoint(endpoint)), .insert(.event(event))], PingDetails(event: event))
    }
}
