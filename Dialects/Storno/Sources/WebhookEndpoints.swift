import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What is asked about webhook endpoints.
extension StornoDialect {
    func listWebhooks(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly(PageWish.names)
        let wish = try PageWish(context.request.query)
        return try await context.list(.webhookEndpoint, .webhookEndpoints(context.book), wish) {
            engine,
            page throws(EngineFailure) in
            try await engine.webhookEndpoints(page, in: context.book).items
                .map { .webhookEndpoint(WebhookDetails(endpoint: $0)) }
        }
    }

    func readWebhook(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.webhookEndpoint)
    }

    func createWebhook(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["url", "description", "events"])
        let url = try fields.requiredText("url", 1...2048)
        let label = try fields.text("description", 1...Lengths.name)
        let types = try fields.eventTypes() ?? []
        if let refusal = try await context.refusal(of: url) { return refusal }
        let mark = try await context.ask { engine throws(EngineFailure) in
            try await engine.lastSettledPlace(in: context.book)
        }
        let command = CreateWebhookEndpoint(
            origin: context.origin,
            target: WebhookTarget(url: url, label: label, key: .fresh()),
            types: types,
            apiVersion: (APIVersion(context.request, of: context.key) ?? .newest).rawValue,
            mark: mark
        )
        return try await context.answer(command, isPersonal: true) { JSONWriter.bytes(.webhookEndpoint($0)) }
    }

    func updateWebhook(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["url", "description", "events", "status"])
        var command = UpdateWebhookEndpoint(origin: context.origin, endpoint: context.webhook)
        command.url = try fields.text("url", 1...2048)
        command.label = fields.isNull("description") ? "" : try fields.text("description", 1...Lengths.name)
        command.types = try fields.eventTypes()
        if let word = try fields.text("status", 1...20) {
            guard let status = WebhookStatus(rawValue: word) else {
                throw fields.invalid("status", "must be enabled or disabled")
            }
            command.status = status
        }
        if let url = command.url, let refusal = try await context.refusal(of: url) { return refusal }
        return try await context.answer(command) { JSONWriter.bytes(.webhookEndpoint($0)) }
    }

    func deleteWebhook(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        try await context.perform(DeleteWebhookEndpoint(origin: context.origin, endpoint: context.webhook))
        context.engine.forgetPages(of: context.book)
        return WireResponse(status: .noContent, body: .empty)
    }

    func rotateSecret(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["overlap_seconds"])
        let overlap = try fields.integer("overlap_seconds", 0...604_800) ?? 86_400
        let command = RotateWebhookSecret(
            origin: context.origin,
            endpoint: context.webhook,
            key: .fresh(),
            overlap: .seconds(overlap)
        )
        return try await context.answer(command, isPersonal: true) { JSONWriter.bytes(.webhookEndpoint($0)) }
    }

    /// Answers with the event that was made; its delivery says what the receiver answered.
    func pingWebhook(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        return try await context.answer(PingWebhookEndpoint(origin: context.origin, endpoint: context.webhook)) {
            JSONWriter.bytes(.event($0.event, .endpointReference($0.event)))
        }
    }
}

extension RequestContext {
    /// The endpoint that the path names.
    var webhook: ObjectName { named(.webhookEndpoint, parameter("id")) }

    /// The answer to an address that may not be called.
    fileprivate func refusal(of url: String) async throws(Refusal) -> WireResponse? {
        guard let targets = engine.targets else { throw .notOffered("webhooks") }
        guard let refusal = await targets.refusal(of: url) else { return nil }
        let (reason, detail) =
            switch refusal {
            case .malformed(let clause): ("malformed", "url \(clause).")
            case .notEncrypted: ("not_encrypted", "url must begin with https://.")
            case .notPublic:
                ("not_public", "The host is, or stands for, an address of a network that is not public.")
            }
        return Problem(.webhookURLRefused, detail).about("url").with("reason", .string(reason)).response(to: request)
    }
}

extension Fields {
    /// `events`: types such as `refund.succeeded`, or `refund.*`; none for all.
    fileprivate func eventTypes() throws(Refusal) -> [String]? {
        guard let value = self["events"] else { return nil }
        guard case .array(let items) = value else { throw invalid("events", "must be a list, not \(value.kind)") }
        var types: [String] = []
        for item in items {
            guard case .string(let type) = item else { throw invalid("events", "must be a list of strings") }
            if !types.contains(type) { types.append(type) }
        }
        return try EventTypes.check(types, "events")
    }
}

extension JSONValue {
    static func webhookEndpoint(_ details: WebhookDetails) -> JSONValue {
        let endpoint = details.endpoint
        var members: [JSONMember] = [
            JSONMember("id", .string(ObjectID.webhookEndpoint.text(endpoint.id.raw))),
            JSONMember("object", "webhook_endpoint"), JSONMember("url", .string(endpoint.target.url)),
            JSONMember("description", .optional(endpoint.target.label)),
            JSONMember("events", .array(endpoint.types.map { .string($0) })),
            JSONMember("status", .string(endpoint.status.rawValue)),
            JSONMember("disabled_reason", .optional(endpoint.disabledReason?.rawValue)),
            JSONMember("api_version", .string(endpoint.apiVersion)),
            JSONMember("public_key", .string(endpoint.target.key.publicKeyText)),
        ]
        if details.showsSecret { members.append(JSONMember("secret", .string(endpoint.target.key.secretText))) }
        members += [
            JSONMember("previous_secret_expires_at", .time(endpoint.previousExpiresAt)),
            JSONMember("held_until", .time(endpoint.heldUntil)), JSONMember("created_at", .time(endpoint.createdAt)),
            JSONMember("updated_at", .time(endpoint.updatedAt)), JSONMember("version", .integer(endpoint.version)),
        ]
        return .object(members)
    }
}
