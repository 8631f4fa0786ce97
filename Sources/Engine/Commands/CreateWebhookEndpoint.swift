import Domain
import Storage

/// Begins to tell an address of what happens from now on. The address was checked before.
package struct CreateWebhookEndpoint: Command {
    package let origin: Origin
    package let target: WebhookTarget
    package let types: [String]
    package let apiVersion: String
    /// Where the book's events ended, those that may still come before others aside.
    package let mark: EventPlace

    package init(origin: Origin, target: WebhookTarget, types: [String], apiVersion: String, mark: EventPlace) {
        self.origin = origin
        self.target = target
        self.types = types
        self.apiVersion = apiVersion
        self.mark = mark
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.endpointsOf = [origin.book]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<WebhookDetails> {
        let limit = context.rules.delivery.endpointLimit
        guard set.endpointCount(of: origin.book) < limit else { throw .rejected(.tooManyEndpoints(limit: limit)) }
        let endpoint = WebhookEndpoint(
            id: context.newID(),
            book: origin.book,
            createdAt: context.moment,
            target: target,
            types: types,
            apiVersion: apiVersion
        )
        let mark = WebhookMark(
            book: origin.book,
            endpoint: endpoint.id,
            transaction: mark.transaction,
            number: mark.number
        )
        let changes: [Change] = [
            .insert(.webhookEndpoint(endpoint)), .insert(.webhookMark(mark)),
            .insert(.event(endpoint.event("webhook_endpoint.created", by: origin, context))),
        ]
        return Decision(changes, WebhookDetails(endpoint: endpoint, showsSecret: true))
    }
}
