import NIOCore
import NIOHTTP1

/// Knows which request is the last one on an HTTP/1 connection, and ends the connection after its answer
/// (RFC 9112, 9).
///
/// Right behind the parser, where a request's version is still known. Behind the last request nothing is let through:
/// what comes is read and thrown away, until the other side closes as well or a deadline ends it. To stop reading
/// instead would reset the connection, and take back the answer that is on its way.
final class Persistence: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How a request is refused that cannot be read to its end, in the words of the API that it was meant for.
    typealias Wording = @Sendable (HTTPRequestHead) -> WordedRefusal

    private typealias Parser = ByteToMessageHandler<HTTPRequestDecoder>

    private enum Phase {
        case open
        /// Nothing more is let through.
        case deaf
        /// Nothing more is sent either.
        case leaving
    }

    private let parser: Parser
    private let longestBody: Int
    private let wordsFor: Wording
    /// The head of the request that came last.
    private var newest: HTTPRequestHead?
    private var phase = Phase.open
    /// Requests that wait for the end of their answer.
    private var unanswered = 0
    /// Whether a request has come in part.
    private var isReading = false
    /// How much of its body is still taken; `nil` where nobody looks at it.
    private var bodyLeft: Int?
    /// The version of the last request, once there is one.
    private var last: HTTPVersion?
    private var isShuttingDown = false

    /// Joins a connection that speaks HTTP/1. A stream of HTTP/2 has no parser, and ends with its request.
    static func join(_ pipeline: ChannelPipeline, longestBody: Int, wording: @escaping Wording) throws {
        guard let parser = try? pipeline.syncOperations.handler(type: Parser.self) else { return }
        let persistence = Persistence(parser, longestBody: longestBody, wording)
        try pipeline.syncOperations.addHandler(persistence, position: .after(parser))
    }

    private init(_ parser: Parser, longestBody: Int, _ wording: @escaping Wording) {
        self.parser = parser
        self.longestBody = longestBody
        wordsFor = wording
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, data, context)
        case .body(let bytes):
            context.fireChannelRead(data)
            take(bytes.readableBytes, context)
        case .end:
            isReading = false
            if last != nil { ignoreTheRest(context) }
            context.fireChannelRead(data)
        }
    }

    private func begin(_ sent: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        unanswered += 1
        isReading = true
        newest = sent
        do {
            let request = try RequestHead(sent)
            bodyLeft = request.takesBody ? longestBody : nil
            if request.endsConnection || request.takesBody && request.announcedLength > longestBody {
                last = sent.version
            }
            context.fireChannelRead(request.isRewritten ? wrapInboundOut(.head(request.head)) : data)
        } catch {
            last = sent.version
            ignoreTheRest(context)
            context.fireErrorCaught(error)
        }
    }

    /// Nobody waits for the rest of a body that is too long, nor for the request behind it.
    private func take(_ count: Int, _ context: ChannelHandlerContext) {
        guard let left = bodyLeft, last == nil else { return }
        bodyLeft = left - count
        if left < count { end(after: .http1_1, context) }
    }

    /// What the parser does not understand is answered as well, unless its request has its answer already.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        guard phase == .open else { return }
        if !isReading { unanswered += 1 }
        ignoreTheRest(context)
        context.fireErrorCaught(error)
        end(after: .http1_1, context)
    }

    /// Shutdown: what came is answered, and nothing more is taken.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isShuttingDown = true
        if !isReading { ignoreTheRest(context) }
        end(after: .http1_1, context)
    }

    private func ignoreTheRest(_ context: ChannelHandlerContext) {
        guard phase == .open else { return }
        phase = .deaf
        // It would keep what it does not understand, such as another protocol's bytes.
        context.pipeline.syncOperations.removeHandler(parser, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // The server waits for no request any more, and does not read.
        if phase == .leaving { context.read() }
    }

    // MARK: - Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // A second answer to one request, whose body turned out to be broken after it was answered.
        guard unanswered > 0 else {
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where unanswered == 1 && head.status.code >= 200:
            // What a stream's client sends meanwhile is not kept, and nobody is asked for after its end.
            if head.headers.first(name: "content-type") == "text/event-stream" { last = last ?? .http1_1 }
            guard let last else { return context.write(data, promise: promise) }
            let words = refusal(head)
            if let words {
                head.headers.replaceOrAdd(name: "Content-Type", value: words.contentType)
                head.headers.replaceOrAdd(name: "Content-Length", value: String(words.body.readableBytes))
            }
            // HTTP/1.0 knows no chunks: the body ends with the connection.
            head.version = last
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            if let words, newest?.method != .HEAD {
                context.write(wrapOutboundOut(.body(.byteBuffer(words.body))), promise: nil)
            }
        case .head, .body: context.write(data, promise: promise)
        case .end:
            unanswered -= 1
            context.write(data, promise: promise)
            if last != nil { leaveIfAnswered(context) }
        }
    }

    /// The words for a refusal that has none, as the server makes it where the parser gave up: of a request of which the head
    /// was read.
    private func refusal(_ head: HTTPResponseHead) -> WordedRefusal? {
        guard phase == .deaf, head.status == .badRequest, head.headers.first(name: "Content-Length") == "0" else {
            return nil
        }
        return newest.map(wordsFor)
    }

    private func end(after version: HTTPVersion, _ context: ChannelHandlerContext) {
        last = last ?? version
        leaveIfAnswered(context)
    }

    private func leaveIfAnswered(_ context: ChannelHandlerContext) {
        guard unanswered == 0, phase != .leaving else { return }
        ignoreTheRest(context)
        phase = .leaving
        closeOnceWritten(isShuttingDown ? .all : .output, context, nil)
        context.read()
    }

    /// The server closes its side where the other side has closed already.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output: closeOnceWritten(mode, context, promise)
        case .input, .all: context.close(mode: mode, promise: promise)
        }
    }

    /// A socket that is closed at both ends drops what is not written yet.
    private func closeOnceWritten(
        _ mode: CloseMode,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        guard context.channel.isActive else { return context.close(mode: mode, promise: promise) }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
    }
}
