import Foundation

/// An API key, without what is secret of it.
public struct APIKey: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// What it is called.
    public let name: String?
    /// The API that it speaks.
    public let dialect: String
    /// `test` or `live`.
    public let mode: String
    /// Its beginning.
    public let prefix: String
    /// Its end.
    public let lastFour: String
    /// What it may do; `nil` for everything.
    public let scopes: [String]?
    /// The version that it is pinned to.
    public let version: String?
    /// When it was made.
    public let createdAt: Date
    /// When it stops being one.
    public let expiresAt: Date?
    /// When it was taken out of use.
    public let revokedAt: Date?
    /// The whole key; only where it is made.
    public let key: String?

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case dialect
        case mode
        case prefix
        case lastFour = "last_four"
        case scopes
        case version
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case key
    }
}

/// One link of the audit trail.
public struct AuditEntry: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// 1, 2, … without gaps.
    public let number: Int64
    /// When it happened.
    public let moment: Date
    /// Who did it.
    public let actor: Actor
    /// By which request.
    public let requestID: String?
    /// What was done.
    public let action: String
    /// To what.
    public let subject: String
    /// Of which kind that is.
    public let subjectType: String
    /// 64 hexadecimal digits.
    public let hash: String
    /// What the hash is taken over.
    public let hashed: [String?]

    enum CodingKeys: String, CodingKey {
        case id
        case number
        case moment
        case actor
        case requestID = "request_id"
        case action
        case subject
        case subjectType = "subject_type"
        case hash
        case hashed
    }
}

/// The end of the audit trail.
public struct AuditHead: Codable, Sendable, Equatable {
    /// The account and mode, as a number.
    public let book: Int64
    /// The newest entry; 0 for none.
    public let number: Int64
    /// Its hash.
    public let hash: String
    /// When it happened.
    public let moment: Date?

    enum CodingKeys: String, CodingKey {
        case book
        case number
        case hash
        case moment
    }
}
