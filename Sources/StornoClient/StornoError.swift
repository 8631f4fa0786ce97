/// Why a call did not give what it was asked for.
public enum StornoError: Error, Sendable, Equatable {
    /// The server refused it. `problem.code` says why, for programs.
    case refused(Problem)
    /// No answer came: nobody listens, or the connection broke. Whether the server did anything is unknown; a call with
    /// the same idempotency key finds out.
    case unreachable(String)
    /// No answer came in time. Whether the server did anything is unknown, as above.
    case timedOut
    /// What came is nothing that this API says: something else answers at this address, or something on the way.
    case unreadable(status: Int, requestID: String?, reason: String)
    /// The address is not one of a server, such as `https://refunds.example`.
    case invalidAddress(String)
    /// The task that called was canceled.
    case canceled
}

extension StornoError {
    /// What the server said, where it refused.
    public var problem: Problem? {
        if case .refused(let problem) = self { problem } else { nil }
    }

    /// Why the server refused.
    public var code: ErrorCode? { problem?.code }

    /// The parameter that was wrong.
    public var parameter: String? { problem?.parameter }

    /// Names the request, for whoever runs the server.
    public var requestID: String? {
        switch self {
        case .refused(let problem): problem.requestID
        case .unreadable(_, let requestID, _): requestID
        case .unreachable, .timedOut, .invalidAddress, .canceled: nil
        }
    }

    /// How long to wait before another try, where the server says so.
    public var retryAfter: Duration? { problem?.retryAfter }

    /// Whether the same call may succeed in a moment, and does nothing twice.
    var mayPass: Bool {
        switch self {
        case .unreachable, .timedOut: true
        case .refused(let problem):
            problem.code == .idempotencyInProgress || [429, 502, 503, 504].contains(problem.status)
        case .unreadable(let status, _, _): [502, 503, 504].contains(status)
        case .invalidAddress, .canceled: false
        }
    }
}

extension StornoError: CustomStringConvertible {
    /// For people: one or two sentences.
    public var description: String {
        switch self {
        case .refused(let problem): "\(problem.title). \(problem.detail)"
        case .unreachable(let reason): "The server cannot be reached: \(reason)."
        case .timedOut: "The server did not answer in time."
        case .unreadable(let status, _, let reason): "What answers (\(status)) is no Storno server: \(reason)."
        case .invalidAddress(let address): "\(address) is no address such as https://refunds.example."
        case .canceled: "The call was canceled."
        }
    }
}
