import Foundation

/// Why a request was refused, as RFC 9457 has it.
public struct Problem: Sendable, Equatable {
    /// For programs, and stable.
    public let code: ErrorCode
    /// The status of the answer.
    public let status: Int
    /// The same words whenever it happens.
    public let title: String
    /// What was wrong this time, and what to do about it.
    public let detail: String
    /// The parameter that was wrong, such as `amount`.
    public let parameter: String?
    /// Names the request, for whoever runs the server.
    public let requestID: String?
    /// Where the code is described, below the server's address.
    public let documentation: String?
    /// How long to wait before another try, where the server says so.
    public internal(set) var retryAfter: Duration?
    /// Further members, by which a program can go on, such as `amount_refundable`.
    public let facts: [String: JSON]
}

extension Problem: Codable {
    private enum Member: String, CodingKey, CaseIterable {
        case type
        case code
        case status
        case title
        case detail
        case parameter = "param"
        case requestID = "request_id"
        case documentation = "doc_url"
    }

    /// Reads a problem as the API writes it. `retryAfter` stands in a field of the answer, not in here.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        code = try members.decode(ErrorCode.self, forKey: .code)
        status = try members.decode(Int.self, forKey: .status)
        title = try members.decode(String.self, forKey: .title)
        detail = try members.decode(String.self, forKey: .detail)
        parameter = try members.decodeIfPresent(String.self, forKey: .parameter)
        requestID = try members.decodeIfPresent(String.self, forKey: .requestID)
        documentation = try members.decodeIfPresent(String.self, forKey: .documentation)
        let all = try [String: JSON](from: decoder)
        facts = all.filter { Member(rawValue: $0.key) == nil }
    }

    /// Writes it as the API does.
    public func encode(to encoder: any Encoder) throws {
        try facts.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(code, forKey: .code)
        try members.encode(status, forKey: .status)
        try members.encode(title, forKey: .title)
        try members.encode(detail, forKey: .detail)
        try members.encodeIfPresent(parameter, forKey: .parameter)
        try members.encodeIfPresent(requestID, forKey: .requestID)
        try members.encodeIfPresent(documentation, forKey: .documentation)
    }
}
