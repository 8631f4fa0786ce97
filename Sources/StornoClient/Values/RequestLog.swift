import Foundation

/// A request that was answered to a key of this account and mode. Kept in one node's memory.
public struct RequestLog: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// When it came.
    public let createdAt: Date
    /// The API that it spoke.
    public let dialect: String
    /// GET, POST, …
    public let method: String
    /// The route's pattern, such as `/v1/refunds/{id}`.
    public let path: String?
    /// What was answered.
    public let status: Int64
    /// Until the answer began.
    public let durationMilliseconds: Int64
    /// The key's id.
    public let apiKey: String
    /// The trace that the request's `traceparent` named.
    public let traceID: String?
    /// Whether the answer was one that had been given before.
    public let isIdempotentReplay: Bool
    /// Why it was refused.
    public let code: ErrorCode?

    enum CodingKeys: String, CodingKey {
        case id
        case createdAt = "created_at"
        case dialect
        case method
        case path
        case status
        case durationMilliseconds = "duration_ms"
        case apiKey = "api_key"
        case traceID = "trace_id"
        case isIdempotentReplay = "idempotent_replay"
        case code
    }
}
