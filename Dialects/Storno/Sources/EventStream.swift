import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// Events as they happen: server-sent events, as the HTML standard has them (9.2).

extension StornoDialect {
    /// From the event that was seen last, or from now on.
    func streamEvents(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        guard context.request.fields.accepts(EventStream.type) else {
            return Problem(.notAcceptable, "This is a stream: ask for it with `Accept: \(EventStream.type)`.")
                .response(to: context.request)
        }
        let query = context.request.query
        try query.takeOnly(["after", "type"])
        let types = try query.types("type")
        let place = try await context.streamBeginning()
        let fields = EventStream.fields
        guard context.request.method != .head else { return WireResponse(status: .ok, fields: fields, body: .empty) }
        let open: OpenStreams.Place
        do throws(OpenStreams.Refusal) {
            open = try context.engine.streams.place(for: context.key)
        } catch {
            return EventStream.problem(error).response(to: context.request)
        }
        let feed = EventFeed(context.engine, of: context.book, after: place, types: types)
        let stream = EventStream(context: context, feed: feed, open: open)
        return WireResponse(status: .ok, fields: fields, body: .stream { writer in try await stream.run(writer) })
    }
}

/// One client that listens.
struct EventStream: Sendable {
    static let type = "text/event-stream"
    static let fields: HTTPFields = [.contentType: type, .cacheControl: "no-store", .proxyBuffering: "no"]
    /// A comment after so long without an event, so that nobody on the way takes the silence for an end.
    static let heartbeat = Duration.seconds(15)
    /// How long a client waits before it comes again, in milliseconds.
    static let retry = 1000

    let context: RequestContext
    let feed: EventFeed
    /// Held as long as the stream is.
    let open: OpenStreams.Place

    private var engine: Engine { context.engine }

    static func problem(_ refusal: OpenStreams.Refusal) -> Problem {
        switch refusal {
        case .keyHasEnough:
            Problem(.tooManyStreams, "A key has at most \(OpenStreams.mostOfKey) streams open. Close one.")
                .with("limit", .integer(Int64(OpenStreams.mostOfKey))).with(.retryAfter, "1")
        case .serverHasEnough:
            Problem(.busy, "As many streams are open as may be. Come again, or walk the list of events.")
                .with(.retryAfter, "5")
        }
    }

    /// Writes until the key is revoked, the server is to stop, or the client is gone. One that takes nothing holds up its own
    /// stream alone, and is closed by the server's deadline for writing.
    func run(_ writer: any WireWriter) async throws {
        var feed = feed
        try await writer.write(Array("retry: \(Self.retry)\n\n".utf8))
        var last = engine.time.now
        while engine.mayStream(context.key) {
            // The client is gone.
            try Task.checkCancellation()
            let frames = try await frames(&feed)
            let now = engine.time.now
            guard !frames.isEmpty || now.since(last) >= Self.heartbeat else { continue }
            try await writer.write(frames.isEmpty ? Array(":\n\n".utf8) : frames)
            last = now
        }
    }

    /// What came, if anything did. A database that is away is waited for: the client loses nothing by it.
    private func frames(_ feed: inout EventFeed) async throws -> [UInt8] {
        var tried = feed
        do throws(Refusal) {
            let events = try await context.next(&tried)
            let shown = try await context.shown(events)
            feed = tried
            return zip(events, shown).flatMap { Self.frame($0, $1) }
        } catch {
            try await engine.time.sleep(for: .seconds(1))
            return []
        }
    }

    private static func frame(_ event: Event, _ shown: JSONValue) -> [UInt8] {
        Array("id: \(EventID.text(event))\nevent: \(event.type)\ndata: ".utf8) + JSONWriter.bytes(shown)
            + Array("\n\n".utf8)
    }
}

extension RequestContext {
    fileprivate func next(_ feed: inout EventFeed) async throws(Refusal) -> [Event] {
        do throws(EngineFailure) { return try await feed.next() } catch { throw .engine(error) }
    }

    /// Behind the event that `Last-Event-ID` or `after` names, the field first, since a client that comes again sends it
    /// with the address that it began with.
    fileprivate func streamBeginning() async throws(Refusal) -> EventPlace? {
        let values = request.fields[values: .lastEventID].filter { !$0.isEmpty }
        let after = try request.query.text("after")
        guard values.count <= 1 else { throw .invalid(field: "Last-Event-ID", reason: "must be given once") }
        guard let text = values.first ?? after else {
            return try await ask { engine throws(EngineFailure) in try await engine.lastSettledPlace(in: book) }
        }
        guard let place = try await event(text)?.place else {
            throw .invalid(field: values.isEmpty ? "after" : "Last-Event-ID", reason: "must be the id of an event")
        }
        return place
    }
}

extension HTTPFields {
    /// Whether `Accept` names that media type itself: to accept anything is not to ask for a stream.
    func accepts(_ type: String) -> Bool {
        self[values: .accept].flatMap { $0.parts(at: ",") }
            .contains { range in
                let parts = range.lowercased().parts(at: ";").map { $0.trimmingBlanks }
                let isRefused = parts.dropFirst()
                    .contains { $0.hasPrefix("q=") && $0.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." } }
                return parts[0] == type && !isRefused
            }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let blanks: Set<Character> = [" ", "\t"]
        var rest = drop { blanks.contains($0) }
        while let last = rest.last, blanks.contains(last) { rest.removeLast() }
        return rest
    }
}

extension HTTPField.Name {
    static let lastEventID = known("Last-Event-ID")
    fileprivate static let proxyBuffering = known("X-Accel-Buffering")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        return field
    }
}
