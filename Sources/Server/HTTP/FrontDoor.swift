import DialectKit
import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Reference
import Storage

/// Every request's first stop: health and the documents, then the API that it speaks.
package struct FrontDoor: HTTPResponder {
    package typealias Context = BasicRequestContext

    private let services: [String: DialectService]
    private let selection: DialectSelection
    private let reference: Reference
    private let engine: Engine
    private let readiness: Readiness
    private let bodies: BodyRoom
    private let metrics: ServerMetrics?

    /// - Parameters:
    ///   - openKeys: such as everybody knows, by the API's name: the page of the documents begins with them.
    ///   - bodies: for the bodies of all requests that are being answered.
    package init(
        engine: Engine,
        readiness: Readiness,
        hostAliases: [String: String] = [:],
        rateLimit: RateLimit? = nil,
        openKeys: [String: String] = [:],
        bodies: BodyRoom = BodyRoom(bytes: 64 * 1024 * 1024),
        metrics: ServerMetrics? = nil
    ) {
        let dialects = Catalog.dialects
        let limiter = RateLimiter(rateLimit)
        services = Dictionary(
            uniqueKeysWithValues: dialects.map { dialect in
                (
                    dialect.name,
                    DialectService(dialect, engine: engine, limiter: limiter) { Catalog.code(of: $0) }
                )
            }
        )
        selection = DialectSelection(dialects, aliases: hostAliases)
        reference = Reference(dialects, keys: openKeys)
        self.engine = engine
        self.readiness = readiness
        self.bodies = bodies
        self.metrics = metrics
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        let requestID = RequestIdentifier.next(request.headers)
        let (answer, answered) = try await timed(request) {
            let answer = try await self.answer(request, requestID)
            return (answer, try await answer.response.hummingbirdResponse(to: request))
        }
        var response = answered
        response.headers[.requestID] = requestID
        context.logger.debug("answered", metadata: Self.metadata(request, requestID, answer, response))
        return response
    }

    /// Never the path: whatever a client puts there would be in the log.
    private static func metadata(
        _ request: Request,
        _ requestID: String,
        _ answer: DialectAnswer,
        _ response: Response
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request_id": "\(requestID)", "method": "\(request.method)", "route": "\(answer.route ?? "-")",
            "status": "\(response.status.code)",
        ]
        if let trace = TraceContext(requestID: requestID) {
            metadata["trace_id"] = "\(trace.trace)"
            metadata["span_id"] = "\(trace.span)"
        }
        return metadata
    }

    private func timed(
        _ request: Request,
        _ answer: () async throws -> (DialectAnswer, Response)
    ) async throws -> (DialectAnswer, Response) {
        guard let metrics else { return try await answer() }
        return try await metrics.timed(request, answer)
    }

    package func answer(_ request: Request, _ requestID: String) async throws -> DialectAnswer {
        let host = HostField(request)
        var wire = WireRequest(
            method: request.method,
            path: RequestPath(request.uri.path),
            query: Query(request.uri.query?[...] ?? ""),
            fields: request.headers,
            host: host?.name ?? "",
            requestID: requestID
        )
        let hasPath = request.head.path.map { $0.hasPrefix("/") || $0 == "*" } ?? false
        // HTTP/1.0 has no Host, and health is asked for in it.
        let mayBeReserved = hasPath && (host != nil || request.head.authority == nil)
        if mayBeReserved, let answer = await reserved(wire) { return answer }
        let canTell = await engine.canTell(wire.credentials.text)
        let choice = selection.choose(wire, keys: engine.directory)
        wire.path = choice.path
        guard hasPath else { return refuse(.malformed("the target must be a path"), wire, choice.dialect) }
        guard host != nil else {
            return refuse(.malformed("exactly one valid Host header is required"), wire, choice.dialect)
        }
        guard canTell else { return refuse(.engine(.storageUnavailable), wire, choice.dialect) }
        guard let service = services[choice.dialect.name] else { preconditionFailure("every dialect has a service") }
        let place = bodies.place()
        defer { place.giveBack() }
        var answer = try await service.respond(to: wire) { try await request.bytes(upTo: $0, in: place) }
        answer.dialect = choice.dialect.name
        return answer
    }

    /// A refusal before anything was asked of an API, in the words of the one that was meant.
    func refusal(_ refusal: Refusal, to request: WireRequest) -> WireResponse {
        var request = request
        let choice = selection.choose(request, keys: engine.directory)
        request.path = choice.path
        return choice.dialect.render(refusal, for: request)
    }

    private func refuse(_ refusal: Refusal, _ request: WireRequest, _ dialect: any Dialect) -> DialectAnswer {
        DialectAnswer(response: dialect.render(refusal, for: request), route: nil, dialect: dialect.name)
    }

    // MARK: - What belongs to no API

    private func reserved(_ request: WireRequest) async -> DialectAnswer? {
        let path = request.path
        guard let first = path.segments.first else { return nil }
        let response: WireResponse
        switch first {
        case "healthz" where path.segments.count == 1: response = .status("ok", .ok)
        case "readyz" where path.segments.count == 1: response = await ready()
        case "openapi", "docs": response = reference.answer(to: request)
        case "metrics": response = .status("not found", .notFound)
        default: return nil
        }
        return DialectAnswer(response: response, route: "/" + first)
    }

    private func ready() async -> WireResponse {
        guard !readiness.isDraining else { return .status("draining", .serviceUnavailable) }
        do {
            try await engine.store.probe()
            return .status("ready", .ok)
        } catch {
            return .status("storage unavailable", .serviceUnavailable)
        }
    }
}

extension WireResponse {
    fileprivate static func status(_ text: String, _ status: HTTPResponse.Status) -> WireResponse {
        .json(.members(("status", .string(text))), status: status)
    }
}
