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

extension TestServer {
    /// Sends one request with a `Host` of its own.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        host: String,
        headers: HTTPFields,
        body: String? = nil
    ) async throws -> (status: Int, text: String) {
        let door = FrontDoor(engine: engine, readiness: Readiness())
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        let app = Application(responder: HostedDoor(door: door, host: host), logger: logger)
        return try await app.test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in (response.status.code, String(buffer: response.body)) }
        }
    }
}
