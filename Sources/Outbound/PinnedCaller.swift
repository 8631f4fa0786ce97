import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Calls by async-http-client, connected to the checked address; certificates are held against the name.
package final class PinnedCaller: HTTPCaller {
    /// So much of an answer is kept.
    package static let keptBytes = 1024
    /// So much is read, so that the connection can be used again; what answers more loses it.
    private static let readBytes = 16 * 1024

    private let clients = ClientShelf()

    package init() {}

    package func post(_ call: OutboundCall) async throws(OutboundFailure) -> OutboundAnswer {
        let client = await clients.take(call.target)
        let result = await withTaskGroup(of: Result<OutboundAnswer, OutboundFailure>.self) { group in
            group.addTask { await Self.post(call, by: client) }
            group.addTask {
                (try? await Task.sleep(for: call.timeout, clock: .continuous)) == nil
                    ? .failure(.interrupted) : .failure(.timedOut)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.interrupted)
        }
        await clients.giveBack(call.target)
        return try result.get()
    }

    package func close() async { await clients.close() }

    private static func post(
        _ call: OutboundCall,
        by client: HTTPClient
    ) async -> Result<OutboundAnswer, OutboundFailure> {
        var request = HTTPClientRequest(url: call.target.url.text)
        request.method = .POST
        for field in call.fields { request.headers.add(name: field.name, value: field.value) }
        request.body = .bytes(ByteBuffer(bytes: call.body))
        do {
            let response = try await client.execute(request, deadline: .now() + TimeAmount(call.timeout))
            return .success(
                OutboundAnswer(
                    status: Int(response.status.code),
                    retryAfter: response.headers.first(name: "retry-after"),
                    body: try await read(response)
                )
            )
        } catch {
            return .failure(OutboundFailure(error))
        }
    }

    private static func read(_ response: HTTPClientResponse) async throws -> [UInt8] {
        var kept: [UInt8] = []
        var count = 0
        for try await piece in response.body {
            count += piece.readableBytes
            kept += piece.readableBytesView.prefix(keptBytes - kept.count)
            if count > readBytes { break }
        }
        return kept
    }
}

extension OutboundFailure {
    fileprivate init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .interrupted
        case let error as HTTPClientError:
            switch error {
            case .cancelled: self = .interrupted
            case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .tlsHandshakeTimeout,
                .getConnectionFromPoolTimeout:
                self = .timedOut
            case .remoteConnectionClosed: self = .unreachable("the connection was closed before an answer")
            default: self = .unreachable("what came is no HTTP answer")
            }
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self = .unreachable("TLS failed: the certificate or the protocol was not accepted")
        case is NIOConnectionError, is IOError: self = .unreachable("no connection, or it broke")
        case is ChannelError: self = .unreachable("the connection broke")
        case is HTTPParserError: self = .unreachable("what came is no HTTP answer")
        default: self = .unreachable("the call failed")
        }
    }
}
