import Foundation

/// Something that happened.
public struct Event: Sendable, Equatable {
    /// Its id, the same wherever it is told.
    public let id: String
    /// Such as `refund.succeeded`.
    public let type: EventType
    /// When it happened.
    public let createdAt: Date
    /// Its number among those of its object: 1, 2, … without gaps.
    public let sequence: Int64
    /// Who made it happen.
    public let actor: Actor
    /// By which request.
    public let requestID: String?
    /// The object as it was right after.
    public let object: EventObject
    /// Whether what merchants wrote was left out, since the message would have been too long.
    public let isAbridged: Bool
}

/// What kind of thing happened.
public struct EventType: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Whether a filter such as `refund.*` or `refund.succeeded` takes it.
    public func matches(_ filter: String) -> Bool {
        filter.hasSuffix("*") ? rawValue.hasPrefix(filter.dropLast()) : rawValue == filter
    }
}

/// What an event is about, as it was right after.
public enum EventObject: Sendable, Equatable {
    /// A payment.
    case payment(Payment)
    /// A refund.
    case refund(Refund)
    /// A dispute.
    case dispute(Dispute)
    /// A pot.
    case pot(Pot)
    /// Something else: of customers, cards and endpoints, little more than the id is told.
    case other(JSON)

    /// The object's id.
    public var id: String {
        switch self {
        case .payment(let payment): payment.id
        case .refund(let refund): refund.id
        case .dispute(let dispute): dispute.id
        case .pot(let pot): pot.id
        case .other(let json): json["id"]?.string ?? ""
        }
    }
}

extension Event: Codable {
    private enum Member: String, CodingKey {
        case id
        case object
        case type
        case createdAt = "created_at"
        case sequence
        case actor
        case requestID = "request_id"
        case data
        case abridged
    }

    private enum DataMember: String, CodingKey {
        case object
    }

    /// Reads an event as the API, the stream and webhooks write it.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        id = try members.decode(String.self, forKey: .id)
        type = try members.decode(EventType.self, forKey: .type)
        createdAt = try members.decode(Date.self, forKey: .createdAt)
        sequence = try members.decode(Int64.self, forKey: .sequence)
        actor = try members.decode(Actor.self, forKey: .actor)
        requestID = try members.decodeIfPresent(String.self, forKey: .requestID)
        isAbridged = try members.decodeIfPresent(Bool.self, forKey: .abridged) ?? false
        object = try members.nestedContainer(keyedBy: DataMember.self, forKey: .data)
            .decode(EventObject.self, forKey: .object)
    }

    /// Writes it as the API does.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(id, forKey: .id)
        try members.encode("event", forKey: .object)
        try members.encode(type, forKey: .type)
        try members.encode(createdAt, forKey: .createdAt)
        try members.encode(sequence, forKey: .sequence)
        try members.encode(actor, forKey: .actor)
        try members.encodeIfPresent(requestID, forKey: .requestID)
        if isAbridged { try members.encode(true, forKey: .abridged) }
        var data = members.nestedContainer(keyedBy: DataMember.self, forKey: .data)
        try data.encode(object, forKey: .object)
    }
}

extension EventObject: Codable {
    private enum Member: String, CodingKey {
        case object
    }

    /// Reads an object by its kind; one that is not whole stays JSON.
    public init(from decoder: any Decoder) throws {
        let kind = try? decoder.container(keyedBy: Member.self).decode(String.self, forKey: .object)
        let read: EventObject? =
            switch kind {
            case "payment": (try? Payment(from: decoder)).map { .payment($0) }
            case "refund": (try? Refund(from: decoder)).map { .refund($0) }
            case "dispute": (try? Dispute(from: decoder)).map { .dispute($0) }
            case "pot": (try? Pot(from: decoder)).map { .pot($0) }
            default: nil
            }
        self = if let read { read } else { .other(try JSON(from: decoder)) }
    }

    /// Writes it with its kind.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .payment(let payment): try write(payment, "payment", to: encoder)
        case .refund(let refund): try write(refund, "refund", to: encoder)
        case .dispute(let dispute): try write(dispute, "dispute", to: encoder)
        case .pot(let pot): try write(pot, "pot", to: encoder)
        case .other(let json): try json.encode(to: encoder)
        }
    }

    private func write(_ value: some Encodable, _ kind: String, to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(kind, forKey: .object)
    }
}
