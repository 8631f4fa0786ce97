import Domain
import Storage

extension WorkingSet {
    /// An endpoint that is there.
    func found(_ name: ObjectName) throws(EngineFailure) -> WebhookEndpoint {
        guard let endpoint = endpoint(name) else {
            throw .notFound(.webhookEndpoint, text: name.spelling?.text ?? "")
        }
        return endpoint
    }
}

extension WebhookEndpoint {
    func event(_ type: String, by origin: Origin, _ context: DecisionContext) -> Event {
        Event(
            book: book,
            object: ObjectReference(.webhookEndpoint, id.raw),
            sequence: sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: eventPart
        )
    }

    /// One more change, with its event.
    mutating func changes(_ type: String, by origin: Origin, _ context: DecisionContext) -> [Change] {
        updatedAt = context.moment
        version += 1
        sequence += 1
        return [.update(.webhookEndpoint(self)), .insert(.event(event(type, by: origin, context)))]
    }
}
