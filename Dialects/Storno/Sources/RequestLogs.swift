import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What was asked lately, of this process: kept in its memory, for whoever writes a client.

extension StornoDialect {
    /// Newest first, of what this node has kept.
    func listRequestLogs(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(RequestLogFilter.names.union(["limit", "starting_after"]))
        let filter = try RequestLogFilter(query)
        let limit = try query.integer("limit", 1...100) ?? 10
        var kept = context.engine.requests.requests(in: context.book)[...]
        if let text = try query.text("starting_after") {
            guard let place = kept.firstIndex(where: { $0.id == text }) else {
                throw .invalid(field: "starting_after", reason: "must be the id of a request that is still kept")
            }
            kept = kept[..<place]
        }
        let found = kept.reversed().lazy.filter(filter.takes).prefix(limit + 1)
        let page = Array(found.prefix(limit))
        return context.page(
            page.map { .loggedRequest($0) },
            next: found.count > limit ? page.last?.id : nil,
            after: "starting_after"
        )
    }

    /// As they are answered: from now on, or from behind the request that was seen last.
    func streamRequestLogs(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        guard context.request.fields.accepts(EventStream.type) else {
            return Problem(.notAcceptable, "This is a stream: ask for it with `Accept: \(EventStream.type)`.")
                .response(to: context.request)
        }
        let query = context.request.query
        try query.takeOnly(RequestLogFilter.names.union(["after"]))
        let filter = try RequestLogFilter(query)
        let last = try context.lastLoggedRequest()
        guard context.request.method != .head else {
            return WireResponse(status: .ok, fields: EventStream.fields, body: .empty)
        }
        let open: OpenStreams.Place
        do throws(OpenStreams.Refusal) {
            open = try context.engine.streams.place(for: context.key)
        } catch {
            return EventStream.problem(error).response(to: context.request)
        }
        let stream = RequestLogStream(context: context, filter: filter, last: last, open: open)
        return WireResponse(
            status: .ok,
            fields: EventStream.fields,
            body: .stream { writer in try await stream.run(writer) }
        )
    }
}

/// Which requests are wanted; those of all kinds that are named narrow each other.
private struct RequestLogFilter: Sendable {
    static let names: Set<String> = ["status", "method", "path", "dialect"]

    /// `404`, or all of a class as 4.
    private let statuses: Set<Int>
    private let methods: Set<String>
    private let paths: [String]
    private let dialects: Set<String>

    /// How often each may be given.
    private static let most = 5

    init(_ query: Query) throws(Refusal) {
        var statuses: Set<Int> = []
        for text in try Self.texts("status", query) {
            let isClass = text.count == 3 && text.hasSuffix("xx")
            guard let number = Int(isClass ? String(text.prefix(1)) : text),
                (isClass ? 1...5 : 100...599).contains(number)
            else { throw .invalid(field: "status", reason: "must be a status such as 404, or a class such as 4xx") }
            statuses.insert(number)
        }
        self.statuses = statuses
        methods = Set(try Self.texts("method", query).map { $0.uppercased() })
        paths = try Self.texts("path", query)
        dialects = Set(try Self.texts("dialect", query))
    }

    private static func texts(_ name: String, _ query: Query) throws(Refusal) -> [String] {
        let texts = query.texts(name)
        guard texts.count <= most else { throw .invalid(field: name, reason: "must be given at most \(most) times") }
        return texts
    }

    func takes(_ request: LoggedRequest) -> Bool {
        (statuses.isEmpty || statuses.contains(request.status) || statuses.contains(request.status / 100))
            && (methods.isEmpty || methods.contains(request.method))
            && (dialects.isEmpty || dialects.contains(request.dialect))
            && (paths.isEmpty || paths.contains { Self.leads($0, to: request.route ?? "") })
    }

    /// A route's pattern, or its beginning and an asterisk.
    private static func leads(_ path: String, to route: String) -> Bool {
        path.hasSuffix("*") ? route.hasPrefix(path.dropLast()) : path == route
    }
}

/// One client that listens.
private struct RequestLogStream: Sendable {
    /// How often is looked.
    private static let look = Duration.milliseconds(200)

    let context: RequestContext
    let filter: RequestLogFilter
    /// The number of the request behind which it begins.
    let last: UInt64
    /// Held as long as the stream is.
    let open: OpenStreams.Place

    func run(_ writer: any WireWriter) async throws {
        let (engine, time) = (context.engine, context.engine.time)
        try await writer.write(Array("retry: \(EventStream.retry)\n\n".utf8))
        var (last, written) = (last, time.now)
        while engine.mayStream(context.key) {
            // The client is gone.
            try Task.checkCancellation()
            let new = engine.requests.requests(in: context.book, after: last)
            last = new.last?.number ?? last
            let frames = new.filter(filter.takes).flatMap { Self.frame($0) }
            if !frames.isEmpty || time.now.since(written) >= EventStream.heartbeat {
                try await writer.write(frames.isEmpty ? Array(":\n\n".utf8) : frames)
                written = time.now
            }
            try await time.sleep(for: Self.look)
        }
    }

    private static func frame(_ request: LoggedRequest) -> [UInt8] {
        Array("id: \(request.id)\nevent: request\ndata: ".utf8) + JSONWriter.bytes(.loggedRequest(request))
            + Array("\n\n".utf8)
    }
}

extension RequestContext {
    /// The number of the request that `Last-Event-ID` or `after` names, the field first. One that is no longer kept was
    /// before all that are.
    fileprivate func lastLoggedRequest() throws(Refusal) -> UInt64 {
        let values = request.fields[values: .lastEventID].filter { !$0.isEmpty }
        guard values.count <= 1 else { throw .invalid(field: "Last-Event-ID", reason: "must be given once") }
        let after = try request.query.text("after")
        guard let text = values.first ?? after else { return engine.requests.last }
        return engine.requests.requests(in: book).first { $0.id == text }?.number ?? 0
    }
}

extension JSONValue {
    fileprivate static func loggedRequest(_ request: LoggedRequest) -> JSONValue {
        .members(
            ("id", .string(request.id)),
            ("object", "request_log"),
            ("created_at", .time(request.at)),
            ("dialect", .string(request.dialect)),
            ("method", .string(request.method)),
            ("path", .optional(request.route)),
            ("status", .integer(Int64(request.status))),
            ("duration_ms", .integer(request.milliseconds)),
            ("api_key", .string(request.key)),
            ("trace_id", .optional(request.trace)),
            ("idempotent_replay", .bool(request.isReplay)),
            ("code", .optional(request.code))
        )
    }
}
