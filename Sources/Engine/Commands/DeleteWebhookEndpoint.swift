import Domain
import Storage

/// Tells an address nothing more. Its secrets and its address are forgotten; what was told stays on record.
package struct DeleteWebhookEndpoint: Command {
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
    ) throws(EngineFailure) -> Decision<Void> {
        var endpoint = try set.found(endpoint)
        endpoint.deletedAt = context.moment
        endpoint.target = WebhookTarget(url: "", label: nil, key: WebhookKey(secret: [], seed: []))
        endpoint.previousExpiresAt = nil
        return Decision(endpoint.changes("webhook_endpoint.deleted", by: origin, context), ())
    }
}
