import Domain

/// The deliveries of one object's events to one endpoint: one after the other.
package struct Lane: Hashable, Sendable {
    package let book: Book
    package let endpoint: WebhookEndpoint.ID
    package let object: UInt128

    package init(_ book: Book, _ endpoint: WebhookEndpoint.ID, _ object: UInt128) {
        self.book = book
        self.endpoint = endpoint
        self.object = object
    }

    package init(of delivery: Delivery) {
        self.init(delivery.book, delivery.endpoint, delivery.object.id)
    }
}

/// What a delivery tells: there is one of each at the most.
package struct Telling: Hashable, Sendable {
    package let lane: Lane
    /// The event's number among its object's.
    package let sequence: Int64

    package init(_ lane: Lane, _ sequence: Int64) {
        self.lane = lane
        self.sequence = sequence
    }

    package init(of delivery: Delivery) {
        self.init(Lane(of: delivery), delivery.sequence)
    }
}

package struct WebhookName: Hashable, Sendable {
    package let book: Book
    package let endpoint: WebhookEndpoint.ID

    package init(_ book: Book, _ endpoint: WebhookEndpoint.ID) {
        self.book = book
        self.endpoint = endpoint
    }
}

/// An endpoint that is told, and what there is to do for it.
package struct WebhookWork: Sendable, Equatable {
    package let name: WebhookName
    /// How far it has come in its book's events.
    package let mark: EventPlace
    /// Nothing is sent before.
    package let heldUntil: Moment?
    /// When its first delivery falls due.
    package let nextDue: Moment?

    package init(name: WebhookName, mark: EventPlace, heldUntil: Moment?, nextDue: Moment?) {
        self.name = name
        self.mark = mark
        self.heldUntil = heldUntil
        self.nextDue = nextDue
    }

    /// Whether something is to be sent by then.
    package func isDue(at moment: Moment) -> Bool {
        nextDue.map { $0 <= moment } ?? false && heldUntil.map { $0 <= moment } ?? true
    }
}
