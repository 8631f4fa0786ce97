import DialectKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Server
import TestSupport

/// The server's front door as it stands behind a host name.
private struct HostedDoor: HTTPResponder {
    typealias Context = BasicRequestContext

    let door: FrontDoor
    let host: String

    func respond(to request: Request, context: Context) async throws -> Response {
        var head = request.head
        head.authority = host
        return try await door.respond(to: Request(head: head, body: request.body), context: context)
    }
}

/// What a test looks at of an answer, whichever way it came.
protocol Answered: Sendable {
    var status: Int { get }
    var fields: HTTPFields { get }
    var body: [UInt8] { get }
}

extension Answered {
    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONValue {
        get throws { try JSONReader.read(body) }
    }
}

extension TestAnswer: Answered {}

struct HostedAnswer: Answered {
    let status: Int
    let fields: HTTPFields
    let body: [UInt8]
}

extension TestServer {
    /// Sends one request with a `Host` of its own.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        host: String,
        authorization: String? = nil,
        body: String? = nil
    ) async throws -> HostedAnswer {
        let door = FrontDoor(engine: engine, readiness: Readiness())
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        let app = Application(responder: HostedDoor(door: door, host: host), logger: logger)
        return try await app.test(.router) { client in
            var fields: HTTPFields = [:]
            if let authorization { fields[.authorization] = authorization }
            if body != nil { fields[.contentType] = "application/json" }
            return try await client.execute(
                uri: path,
                method: method,
                headers: fields,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in
                HostedAnswer(status: response.status.code, fields: response.headers, body: Array(buffer: response.body))
            }
        }
    }
}
