import Foundation

/// How a dispute stands. Words that this library does not know survive.
public struct DisputeStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Not decided.
    public static let open = DisputeStatus(rawValue: "open")
    /// Decided for the merchant.
    public static let won = DisputeStatus(rawValue: "won")
    /// Decided for the payer.
    public static let lost = DisputeStatus(rawValue: "lost")
}

/// A payer's bank takes money back by itself.
public struct Dispute: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// The payment's id.
    public let payment: String
    /// How much. In minor units.
    public let amount: Int64
    /// ISO 4217, in upper case.
    public let currency: String
    /// `inquiry`, `chargeback` or `arbitration`.
    public let stage: String
    /// How it stands.
    public let status: DisputeStatus
    /// Whether the money is away already.
    public let fundsWithdrawn: Bool
    /// How the processor calls it.
    public let reference: String?
    /// The card network's reason.
    public let networkReason: String?
    /// The merchant's order.
    public let orderReference: String?
    /// When it was opened.
    public let openedAt: Date
    /// When it was decided. `nil` in an event's object.
    public let closedAt: Date?
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case payment
        case amount
        case currency
        case stage
        case status
        case fundsWithdrawn = "funds_withdrawn"
        case reference
        case networkReason = "network_reason"
        case orderReference = "order_reference"
        case openedAt = "opened_at"
        case closedAt = "closed_at"
        case version
    }
}
