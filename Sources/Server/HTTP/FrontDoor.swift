import DialectKit
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage

/// Every request's first stop: health, then the API that it speaks.
package struct FrontDoor: HTTPResponder {
    package typealias Context = BasicRequestContext

    private let services: [String: DialectService]
    private let selection: DialectSelection
    private let engine: Engine
    private let readiness: Readiness

    package init(engine: Engine, readiness: Readiness, hostAliases: [String: String] = [:]) {
        let dialects = Catalog.dialects
        services = Dictionary(uniqueKeysWithValues: dialects.map { ($0.name, DialectService($0, engine: engine)) })
        selection = DialectSelection(dialects, aliases: hostAliases)
        self.engine = engine
        self.readiness = readiness
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        let requestID = RequestIdentifier.next()
        var logger = context.logger
        logger[metadataKey: "request_id"] = "\(requestID)"
        let answer = try await answer(request, requestID)
        var response = answer.hummingbirdResponse(isHead: request.method == .head)
        response.headers[.requestID] = requestID
        logger.debug(
            "answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
            ]
        )
        return response
    }

    package func answer(_ request: Request, _ requestID: String) async throws -> WireResponse {
        let host = HostField(request)
        var wire = WireRequest(
            method: request.method,
            path: RequestPath(request.uri.path),
            query: Query(request.uri.query?[...] ?? ""),
            fields: request.headers,
            host: host?.name ?? "",
            requestID: requestID
        )
        if let response = await reserved(wire.path) { return response }
        let choice = selection.choose(wire, keys: engine.directory)
        wire.path = choice.path
        guard host != nil else {
            return choice.dialect.render(.malformed("exactly one valid Host header is required"), for: wire)
        }
        guard let service = services[choice.dialect.name] else { preconditionFailure("every dialect has a service") }
        return try await service.respond(to: wire) { try await Self.body(of: request, upTo: $0) }
    }

    /// - Returns: `nil` for a body that is longer than `limit`.
    private static func body(of request: Request, upTo limit: Int) async throws -> [UInt8]? {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { return nil }
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            return nil
        }
    }

    // MARK: - What belongs to no API

    private func reserved(_ path: RequestPath) async -> WireResponse? {
        switch path.segments.first {
        case "healthz" where path.segments.count == 1: return .status("ok", .ok)
        case "readyz" where path.segments.count == 1: return await ready()
        case "metrics", "openapi", "docs": return .status("not found", .notFound)
        case "storno" where path.segments.dropFirst().first == "v1": return .status("not found", .notFound)
        default: return nil
        }
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

    fileprivate func hummingbirdResponse(isHead: Bool) -> Response {
        var response: Response
        switch body {
        case .empty: response = Response(status: status, headers: fields)
        case .bytes(let bytes) where isHead:
            response = Response(status: status, headers: fields)
            response.headers[.contentLength] = String(bytes.count)
        case .bytes(let bytes):
            response = Response(
                status: status,
                headers: fields,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        case .pieces where isHead: response = Response(status: status, headers: fields)
        case .pieces(let write):
            let body = ResponseBody { writer in
                var pieces = PieceWriter(writer: writer)
                try await write(pieces)
                try await pieces.finish()
            }
            response = Response(status: status, headers: fields, body: body)
        }
        return response
    }
}

private struct PieceWriter: WireWriter {
    var writer: any ResponseBodyWriter

    func write(_ bytes: [UInt8]) async throws {
        var writer = writer
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    mutating func finish() async throws {
        try await writer.finish(nil)
    }
}

/// Names a request in answers and logs.
enum RequestIdentifier {
    static func next() -> String {
        var generator = SystemRandomNumberGenerator()
        let number = UInt128(generator.next()) << 32 | UInt128(generator.next() >> 32)
        return "req_" + String(number, radix: 36)
    }
}
