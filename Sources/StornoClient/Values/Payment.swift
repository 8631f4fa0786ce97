import Foundation

/// Where a payment is. Words that this library does not know survive.
public struct PaymentStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Not asked of the processor yet.
    public static let created = PaymentStatus(rawValue: "created")
    /// Held on the payer's card.
    public static let authorized = PaymentStatus(rawValue: "authorized")
    /// To be captured.
    public static let toCapture = PaymentStatus(rawValue: "to_capture")
    /// The capture is under way.
    public static let captureSent = PaymentStatus(rawValue: "capture_sent")
    /// The money was taken.
    public static let captured = PaymentStatus(rawValue: "captured")
    /// Let go before its capture.
    public static let canceled = PaymentStatus(rawValue: "canceled")
    /// The authorization ran out.
    public static let expired = PaymentStatus(rawValue: "expired")
    /// The processor could not take it.
    public static let failed = PaymentStatus(rawValue: "failed")
    /// The payer's bank refused it.
    public static let refused = PaymentStatus(rawValue: "refused")
}

/// What can be refunded.
public struct Payment: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// What was authorized. In minor units.
    public let amount: Int64
    /// What was taken. In minor units.
    public let amountCaptured: Int64
    /// What can still be captured, in minor units. `nil` in an event's object.
    public let amountCapturable: Int64?
    /// What was let go before its capture. In minor units.
    public let amountVoided: Int64
    /// What can be refunded now. In minor units.
    public let amountRefundable: Int64
    /// What refunds hold that are not decided yet. In minor units.
    public let amountPending: Int64
    /// What went back. In minor units.
    public let amountRefunded: Int64
    /// What disputes hold or took. In minor units.
    public let amountDisputed: Int64
    /// What facts from outside took beyond the captured amount. In minor units.
    public let amountExcess: Int64
    /// ISO 4217, in upper case.
    public let currency: String
    /// Where it is.
    public let status: PaymentStatus
    /// How it was paid, such as `card`.
    public let method: String?
    /// The card's id.
    public let card: String?
    /// The customer's id.
    public let customer: String?
    /// The pot's id.
    public let pot: String?
    /// The merchant's own reference, unique among the payments.
    public let reference: String?
    /// The merchant's order.
    public let orderReference: String?
    /// Free text.
    public let description: String?
    /// Who moves the money.
    public let processor: String
    /// The merchant's account there.
    public let processorAccount: String
    /// How the processor calls it.
    public let processorReference: String?
    /// How many refunds it has. `nil` in an event's object.
    public let refundCount: Int64?
    /// The API that it was made through.
    public let origin: String
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// When it was captured.
    public let capturedAt: Date?
    /// What the merchant keeps with it. `nil` where an event was abridged.
    public let metadata: [String: String]?
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case amount
        case amountCaptured = "amount_captured"
        case amountCapturable = "amount_capturable"
        case amountVoided = "amount_voided"
        case amountRefundable = "amount_refundable"
        case amountPending = "amount_pending"
        case amountRefunded = "amount_refunded"
        case amountDisputed = "amount_disputed"
        case amountExcess = "amount_excess"
        case currency
        case status
        case method
        case card
        case customer
        case pot
        case reference
        case orderReference = "order_reference"
        case description
        case processor
        case processorAccount = "processor_account"
        case processorReference = "processor_reference"
        case refundCount = "refund_count"
        case origin
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case capturedAt = "captured_at"
        case metadata
        case version
    }
}

/// A part of a payment that was taken.
public struct Capture: Codable, Sendable, Equatable {
    /// How much. In minor units.
    public let amount: Int64
    /// What the processor kept. In minor units.
    public let fee: Int64
    /// How the processor calls it.
    public let processorReference: String?
    /// When.
    public let capturedAt: Date

    enum CodingKeys: String, CodingKey {
        case amount
        case fee
        case processorReference = "processor_reference"
        case capturedAt = "captured_at"
    }
}
