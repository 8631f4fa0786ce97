/// Something that happened, stored in the transaction that made it so.
package struct Event: Sendable, Equatable {
    package let book: Book
    package let object: ObjectReference
    /// 1, 2, … without gaps, for each object.
    package let sequence: Int64
    package let type: String
    package let at: Moment
    package let actor: Actor
    package let requestID: String?
    /// The object's changeable members as they are after the change; nothing personal among them.
    package let part: EventPart

    package init(
        book: Book,
        object: ObjectReference,
        sequence: Int64,
        type: String,
        at moment: Moment,
        actor: Actor,
        requestID: String?,
        part: EventPart
    ) {
        self.book = book
        self.object = object
        self.sequence = sequence
        self.type = type
        at = moment
        self.actor = actor
        self.requestID = requestID
        self.part = part
    }

    /// Whether it says only that something older was taken into the books.
    package var isHistory: Bool { type.hasSuffix(".imported") }
}

package enum ObjectKind: String, CaseIterable, Sendable {
    case payment
    case refund
    case dispute
    case customer
    case card
    case pot
    case webhookEndpoint = "webhook_endpoint"
    case delivery

    /// What has events: everything but a delivery, which is the telling of one.
    package static let withEvents = allCases.filter { $0 != .delivery }
}

/// Any object of a book.
package struct ObjectReference: Hashable, Sendable {
    package let kind: ObjectKind
    package let id: UInt128

    package init(_ kind: ObjectKind, _ id: UInt128) {
        self.kind = kind
        self.id = id
    }
}

/// Named values in the order in which they were given.
package struct EventPart: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case integer(Int64)
        case text(String)
    }

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: Value
    }

    package let members: [Member]

    /// - Parameter members: those without a value are left out.
    package init(_ members: [(name: String, value: Value?)]) {
        self.members = members.compactMap { name, value in value.map { Member(name: name, value: $0) } }
    }
}

extension Payment {
    package var eventPart: EventPart {
        EventPart([
            ("authorized", .integer(authorized)), ("captured", .integer(captured)),
            ("disputed", .integer(disputed)), ("excess", .integer(excess)), ("refunded", .integer(refunded)),
            ("reserved", .integer(reserved)), ("state", .text(state.rawValue)), ("voided", .integer(voided)),
        ])
    }
}

extension Refund {
    package var eventPart: EventPart {
        EventPart([
            ("failure", failure.map { .text($0.code.rawValue) }),
            ("pending_reason", pendingReason.map { .text($0.rawValue) }),
            ("processor_reference", processorReference.map { .text($0) }),
            ("sent", firstSentAt.map { .integer($0.milliseconds) }),
            ("status", .text(status.rawValue)),
            ("succeeded", succeededAt.map { .integer($0.milliseconds) }),
        ])
    }
}

extension Dispute {
    package var eventPart: EventPart {
        EventPart([
            ("amount", .integer(amount)), ("funds_withdrawn", .integer(fundsWithdrawn ? 1 : 0)),
            ("stage", .text(stage.rawValue)), ("state", .text(state.rawValue)),
        ])
    }
}

extension Customer {
    package var eventPart: EventPart {
        EventPart([
            ("deleted", deletedAt.map { .integer($0.milliseconds) }),
            ("person", person.map { .text(String($0.raw, radix: 16)) }),
        ])
    }
}

extension Card {
    package var eventPart: EventPart {
        EventPart([
            ("deleted", deletedAt.map { .integer($0.milliseconds) }),
            ("expiry_month", .integer(expiryMonth)), ("expiry_year", .integer(expiryYear)),
            ("holder", holder.map { .text(String($0.raw, radix: 16)) }),
        ])
    }
}

extension Pot {
    package var eventPart: EventPart {
        EventPart([
            ("balance", .integer(balance)), ("open", .integer(isOpen ? 1 : 0)), ("volume", .integer(volume)),
        ])
    }
}
