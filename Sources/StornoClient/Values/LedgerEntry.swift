import Foundation

/// What the accounts of the books hold in one currency.
public struct Balance: Codable, Sendable, Equatable {
    /// ISO 4217, in upper case.
    public let currency: String
    /// By the account's name, in minor units.
    public let accounts: [String: Int64]

    enum CodingKeys: String, CodingKey {
        case currency
        case accounts
    }
}

/// One line of the journal.
public struct LedgerEntry: Codable, Sendable, Equatable {
    /// The account that is debited.
    public let debit: String
    /// The account that is credited.
    public let credit: String
    /// How much. In minor units.
    public let amount: Int64
    /// ISO 4217, in upper case.
    public let currency: String
    /// The id of what caused it.
    public let cause: String
    /// Of which kind that is.
    public let causeType: String
    /// The event of that object, by its number.
    public let sequence: Int64
    /// When it was booked.
    public let bookedAt: Date
    /// When it counts from.
    public let valueDate: Date

    enum CodingKeys: String, CodingKey {
        case debit
        case credit
        case amount
        case currency
        case cause
        case causeType = "cause_type"
        case sequence
        case bookedAt = "booked_at"
        case valueDate = "value_date"
    }
}
