import Foundation

/// Somebody who pays.
public struct Customer: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// The whole name.
    public let name: String?
    /// The address.
    public let email: String?
    /// The merchant's own reference.
    public let externalReference: String?
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// What the merchant keeps with it. `nil` where an event was abridged.
    public let metadata: [String: String]?
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case email
        case externalReference = "external_reference"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case metadata
        case version
    }
}

/// Whether a pot takes payments. Words that this library does not know survive.
public struct PotStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// It does.
    public static let open = PotStatus(rawValue: "open")
    /// It does not.
    public static let closed = PotStatus(rawValue: "closed")
}

/// A collection of payments with a balance of its own.
public struct Pot: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// What it is called.
    public let name: String
    /// ISO 4217, in upper case.
    public let currency: String
    /// What is in it. In minor units.
    public let balance: Int64
    /// What ever came in. In minor units.
    public let volume: Int64
    /// Whether it takes payments.
    public let status: PotStatus
    /// The customer who owns it.
    public let owner: String?
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// What the merchant keeps with it. `nil` where an event was abridged.
    public let metadata: [String: String]?
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case currency
        case balance
        case volume
        case status
        case owner
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case metadata
        case version
    }
}

/// Who did something.
public struct Actor: Codable, Sendable, Equatable {
    /// `key`, `operator` or `system`.
    public let type: String
    /// The key's id, the operator's name, or a part of the system.
    public let id: String

    enum CodingKeys: String, CodingKey {
        case type
        case id
    }
}
