import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Requests by async-http-client, over a pool of connections that is closed with the last that holds it.
public final class HTTPTransport: StornoTransport {
    /// The longest silence within an answer. The stream of events says something every fifteen seconds.
    private static let longestSilence = TimeAmount.seconds(45)

    private let client: HTTPClient

    /// - Parameter verifiesCertificates: `false` for development alone: anybody could then pose as the server.
    public init(verifiesCertificates: Bool = true) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if !verifiesCertificates { tls.certificateVerification = .none }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: Self.longestSilence)
        )
        // Whoever calls is told at once, and tries again where that is safe.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }

    /// Sends one request.
    public func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer {
        var sent = HTTPClientRequest(url: request.url)
        sent.method = HTTPMethod(rawValue: request.method)
        for field in request.fields { sent.headers.add(name: field.name, value: field.value) }
        if let body = request.body { sent.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(sent, timeout: TimeAmount(request.timeout))
            var fields: [String: String] = [:]
            for (name, value) in response.headers where fields[name.lowercased()] == nil {
                fields[name.lowercased()] = value
            }
            let pieces = response.body.map { piece in Array(buffer: piece) }
            return TransportAnswer(
                status: Int(response.status.code),
                fields: fields,
                // The pool stays for as long as the body is read.
                body: TransportBody(pieces, of: self) { TransportFailure($0) }
            )
        } catch {
            throw TransportFailure(error)
        }
    }
}

extension TransportFailure {
    fileprivate init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .canceled
        case let error as HTTPClientError:
            switch error {
            case .cancelled: self = .canceled
            case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .tlsHandshakeTimeout,
                .getConnectionFromPoolTimeout:
                self = .timedOut
            case .remoteConnectionClosed: self = .unreachable("the connection was closed before an answer")
            default: self = .unreachable("\(error.shortDescription)")
            }
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .unreachable("nobody listens there")
        case is NIOSSLError, is BoringSSLError: self = .unreachable("no TLS that can be trusted is spoken there")
        case let error as NIOConnectionError:
            self =
                error.connectionErrors.isEmpty
                ? .unreachable("the host's name leads nowhere") : .unreachable("nobody listens there")
        default: self = .unreachable("the connection broke")
        }
    }
}
