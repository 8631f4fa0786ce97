import DialectKit
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How connections are taken: plain HTTP/1.1, or TLS with HTTP/1.1 and HTTP/2; limits and deadlines on both.
enum Listener {
    /// From a request's first byte to its last.
    static let requestLimit = TimeAmount.seconds(30)
    /// Between requests. No longer than one may take: what came of the next request with the end of the one before it
    /// cannot be told from nothing.
    static let idleLimit = requestLimit
    /// For a client to take what waits for it.
    static let writeLimit = TimeAmount.seconds(30)

    /// - Parameter wording: for requests that cannot be read.
    static func builder(tls: TLSFiles?, wording: @escaping Persistence.Wording) throws -> HTTPServerBuilder {
        guard let tls else {
            return HTTPServerBuilder { responder in
                let responder = continuing(responder)
                return GuardedChannel(base: HTTP1Channel(responder: responder, configuration: http1(wording)))
            }
        }
        let configuration = try tls.configuration()
        return HTTPServerBuilder { responder in
            let http2 = HTTP2ChannelConfiguration(
                idleTimeout: .seconds(60),
                gracefulCloseTimeout: .seconds(10),
                streamConfiguration: http1(wording)
            )
            let base = try HTTP2UpgradeChannel(
                tlsConfiguration: configuration,
                configuration: http2,
                responder: continuing(responder)
            )
            return GuardedChannel(base: base)
        }
    }

    private static func http1(_ wording: @escaping Persistence.Wording) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestWatch(limit: requestLimit, wording: wording), WriteDeadline(limit: writeLimit),
            ],
            idleTimeout: idleLimit,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024,
                maxHeaderListSize: 32 * 1024,
                maxHeaderFieldCount: 100
            )
        )
    }

    /// Tells a client that waits for it to send the body (RFC 9110, 10.1.1), in its request's turn.
    private static func continuing(_ responder: @escaping HTTPChannelHandler.Responder) -> HTTPChannelHandler.Responder
    {
        { request, writer, channel in
            let isAwaited = request.headers[.expect]?.lowercased() == "100-continue"
            if isAwaited, !request.announces(moreThan: DialectService.longestBody) {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            try await responder(request, writer, channel)
        }
    }
}

/// A certificate chain and its key, in PEM files.
struct TLSFiles: Sendable {
    let certificate: String
    let key: String

    func configuration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}

/// A channel with what holds for every connection in front, whatever it speaks.
private struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value

    let base: Base

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop
            .makeCompletedFuture {
                try limitWhatWaits(channel)
                let deadline = ConnectionDeadline(limit: Listener.requestLimit)
                try channel.pipeline.syncOperations.addHandler(deadline)
                try channel.pipeline.syncOperations.addHandler(WriteDeadline(limit: Listener.writeLimit))
            }
            .flatMap {
                base.setup(channel: channel, logger: logger)
            }
    }

    /// A client that does not read costs little. What is under way to one that does may be more.
    private func limitWhatWaits(_ channel: any Channel) throws {
        let options = channel.syncOptions
        // Left to itself, the kernel holds 4 MB of what was not acknowledged, and as much that was not even sent.
        try options?.setOption(.socketOption(.so_sndbuf), value: 256 * 1024)
        try options?.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)), value: 32 * 1024)
        #if os(Linux)
        // A machine that is gone acknowledges nothing: the kernel would ask it for a quarter of an hour.
        try options?.setOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: 60_000)
        #endif
        try options?.setOption(.writeBufferWaterMark, value: .init(low: 8 * 1024, high: 16 * 1024))
    }

    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
