/// Which requests are wanted; those that are named narrow each other.
public struct RequestLogFilter: Sendable {
    /// Such as `404`, or all of a class as `4xx`.
    public var statuses: [String] = []
    /// GET, POST, …
    public var methods: [String] = []
    /// Patterns of routes such as `/v1/refunds/{id}`, or `/v1/refunds*`.
    public var paths: [String] = []
    /// APIs, by their names.
    public var dialects: [String] = []

    /// All.
    public init() {}

    fileprivate var query: [(name: String, value: String?)] {
        statuses.map { ("status", $0) } + methods.map { ("method", $0) } + paths.map { ("path", $0) }
            + dialects.map { ("dialect", $0) }
    }
}

/// What was asked lately, of the node that answers: kept in its memory alone.
public struct RequestLogs: Sendable {
    let wire: Wire

    /// Newest first.
    public func list(_ filter: RequestLogFilter = RequestLogFilter()) -> PagedList<RequestLog> {
        PagedList(wire: wire, call: .get("request_logs", query: filter.query))
    }

    /// As they are answered.
    ///
    /// - Parameters:
    ///   - after: the id of the last request that was seen; `nil` to begin now.
    ///   - notice: told when the connection is open, and when it broke.
    public func stream(
        _ filter: RequestLogFilter = RequestLogFilter(),
        after: String? = nil,
        notice: (@Sendable (StreamNotice) -> Void)? = nil
    ) -> LiveStream<RequestLog> {
        LiveStream(wire: wire, call: .get("request_logs", "stream", query: filter.query), after: after, notice: notice)
    }
}
