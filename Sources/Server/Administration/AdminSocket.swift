import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The running server's ear for the command line: HTTP on a Unix-domain socket that only the server's own user
/// can open.
enum AdminSocket {
    /// What a socket's path can have, less its terminator.
    private static let longestPath = 107

    static func application(
        path: String,
        administration: Administration,
        logger: Logger,
        onRunning: @Sendable @escaping () -> Void
    ) throws -> Application<AdminResponder> {
        let path = URL(fileURLWithPath: path).path
        guard path.utf8.count <= longestPath else {
            throw SettingsFailure(
                name: "database",
                reason: "its admin socket \(path) has more than \(longestPath) bytes; use a shorter path"
            )
        }
        return Application(
            responder: AdminResponder(administration: administration),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in
                chmod(path, 0o600)
                onRunning()
            },
            logger: logger
        )
    }
}

struct AdminResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let administration: Administration

    func respond(to request: Request, context: Context) async throws -> Response {
        let body = Data(Array(buffer: try await request.body.collect(upTo: 64 * 1024)))
        guard let wanted = try? JSONDecoder().decode(AdminRequest.self, from: body) else {
            return Response(status: .badRequest)
        }
        let answer = try JSONEncoder().encode(await administration.perform(wanted))
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer)))
    }
}

/// The command line's side of the socket.
package enum AdminClient {
    /// How asking can go wrong.
    package enum Failure: Error, Equatable {
        /// Nobody is there: nothing was asked.
        case noConnection
        /// It was sent, and what became of it is not known.
        case noAnswer
    }

    /// - Throws: ``Failure``, and ``SettingsFailure`` for a path that no socket can have.
    package static func ask(_ request: AdminRequest, socket path: String) async throws -> AdminAnswer {
        let absolute = URL(fileURLWithPath: path).path
        guard let url = URL(httpURLWithSocketPath: absolute, uri: "/") else {
            throw SettingsFailure(name: "database", reason: "\(absolute) is no path for a socket")
        }
        var call = HTTPClientRequest(url: url.absoluteString)
        call.method = .POST
        call.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(request)))
        try await knock(absolute)
        do {
            let response = try await HTTPClient.shared.execute(call, timeout: .seconds(30))
            guard response.status == .ok else {
                return .refused("The server does not know this request, and changed nothing: is it of another version?")
            }
            let body = try await response.body.collect(upTo: 1 << 20)
            return try JSONDecoder().decode(AdminAnswer.self, from: Data(Array(buffer: body)))
        } catch {
            throw Failure.noAnswer
        }
    }

    /// The client tries for long to connect, and does not say afterwards whether it ever did.
    static func knock(_ path: String) async throws(Failure) {
        do {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            try await bootstrap.connect(unixDomainSocketPath: path).get().close().get()
        } catch {
            throw .noConnection
        }
    }
}
