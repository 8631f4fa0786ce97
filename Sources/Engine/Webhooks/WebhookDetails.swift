import Domain
import Storage

/// An endpoint, and whether its secret is to be shown: once, to whoever made it.
package struct WebhookDetails: AboutObject, Sendable {
    package let endpoint: WebhookEndpoint
    package let showsSecret: Bool

    package init(endpoint: WebhookEndpoint, showsSecret: Bool = false) {
        self.endpoint = endpoint
        self.showsSecret = showsSecret
    }

    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.webhookEndpoint, endpoint.id.raw)) }
}

/// The event that a test made.
package struct PingDetails: AboutObject, Sendable {
    package let event: Event

    package var subject: AnswerSubject { AnswerSubject(event.object) }
}

package struct ReplayDetails: AboutObject, Sendable {
    package let endpoint: WebhookEndpoint.ID
    /// How many events are told once more, or for the first time.
    package let queued: Int

    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.webhookEndpoint, endpoint.raw)) }
}

extension Delivery: AboutObject {
    package var subject: AnswerSubject { AnswerSubject(ObjectReference(.delivery, id.raw)) }
}
