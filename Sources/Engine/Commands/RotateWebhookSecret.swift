import Domain
import Storage

/// Gives an endpoint another secret. The one before signs beside it for a while, so that nobody has to change both ends
/// at the same instant.
package struct RotateWebhookSecret: Command {
    package let origin: Origin
    package let endpoint: ObjectName
    package let key: WebhookKey
    package let overlap: Duration

    package init(origin: Origin, endpoint: ObjectName, key: WebhookKey, overlap: Duration) {
        self.origin = origin
        self.endpoint = endpoint
        self.key = key
        self.overlap = overlap
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [endpoint]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<WebhookDetails> {
        var endpoint = try set.found(endpoint)
        let overlaps = overlap > .zero
        endpoint.target.previousKey = overlaps ? endpoint.target.key : nil
        endpoint.previousExpiresAt = overlaps ? context.moment.adding(overlap) : nil
        endpoint.target.key = key
        let changes = endpoint.changes("webhook_endpoint.secret_rotated", by: origin, context)
        return Decision(changes, WebhookDetails(endpoint: endpoint, showsSecret: true))
    }
}
