import Domain
import Storage

/// Changes where events go, and which. An endpoint that is enabled again goes on where it was stopped: it is told of what
/// happened meanwhile.
package struct UpdateWebhookEndpoint: Command {
    package let origin: Origin
    package let endpoint: ObjectName
    /// Checked before.
    package var url: String?
    /// An empty text takes it away.
    package var label: String?
    package var types: [String]?
    package var status: WebhookStatus?

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
    ) throws(EngineFailure) -> Decision<WebhookDetails> {
        var endpoint = try set.found(endpoint)
        let before = endpoint
        endpoint.target.url = url ?? endpoint.target.url
        if let label { endpoint.target.label = label.isEmpty ? nil : label }
        endpoint.types = types ?? endpoint.types
        if let status { endpoint.turn(status) }
        guard endpoint != before else { return Decision([], WebhookDetails(endpoint: endpoint)) }
        let type =
            switch (before.status, endpoint.status) {
            case (.disabled, .enabled): "webhook_endpoint.enabled"
            case (.enabled, .disabled): "webhook_endpoint.disabled"
            case (.enabled, .enabled), (.disabled, .disabled): "webhook_endpoint.updated"
            }
        let changes = endpoint.changes(type, by: origin, context)
        return Decision(changes, WebhookDetails(endpoint: endpoint))
    }
}

extension WebhookEndpoint {
    fileprivate mutating func turn(_ status: WebhookStatus) {
        guard status != self.status else { return }
        self.status = status
        disabledReason = status == .disabled ? .requested : nil
        heldUntil = nil
        throttles = 0
    }
}
