import DialectKit
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request has not ended in time, counted from its first byte, whatever was
/// answered already. A timer that every byte renews would let a slow sender stay for ever.
///
/// First in the channel, so that it also sees a handshake and half a header. ``RequestWatch`` behind the
/// decoder tells it where requests end.
final class ConnectionDeadline: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?
    private var isDone = false

    init(limit: TimeAmount) {
        self.limit = limit
    }

    /// Streams that are watched by themselves, on a connection that has streams.
    private var openStreams = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if openStreams == 0 { begin(context.channel) }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        isDone = true
        context.fireChannelInactive()
    }

    /// The first byte of a request came, or its head, if that is seen first.
    func begin(_ channel: any Channel) {
        guard timer == nil, !isDone else { return }
        timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    /// The request is complete.
    func end() {
        timer?.cancel()
        timer = nil
    }

    /// A stream's head came: from here on that stream is watched.
    func streamOpened() {
        openStreams += 1
        end()
    }

    /// Without open streams the connection itself is on the clock again, whatever bytes it sends or not.
    func streamClosed(_ channel: any Channel) {
        openStreams -= 1
        if openStreams == 0 { begin(channel) }
    }
}

/// Sees where a request begins and ends, on a connection or on one stream of it.
final class RequestWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limit: TimeAmount
    private let wording: Persistence.Wording
    private var timer: Scheduled<Void>?
    private var isStream = false

    /// - Parameter wording: for what cannot be read.
    init(limit: TimeAmount, wording: @escaping Persistence.Wording) {
        self.limit = limit
        self.wording = wording
    }

    /// The first moment at which it is known whether the connection speaks HTTP/1.
    func handlerAdded(context: ChannelHandlerContext) {
        do {
            try Persistence.join(context.pipeline, longestBody: DialectService.longestBody, wording: wording)
        } catch {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: begin(context)
        case .body: break
        case .end: end(context)
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if isStream, let parent = context.channel.parent { deadline(parent)?.streamClosed(parent) }
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        if let connection = deadline(context.channel) {
            connection.begin(context.channel)
        } else if let parent = context.channel.parent, !isStream {
            isStream = true
            LastFlush.join(parent.pipeline)
            deadline(parent)?.streamOpened()
            timer = context.eventLoop.scheduleTask(in: limit) { parent.close(promise: nil) }
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        timer?.cancel()
        deadline(context.channel)?.end()
    }

    private func deadline(_ channel: any Channel) -> ConnectionDeadline? {
        try? channel.pipeline.syncOperations.handler(type: ConnectionDeadline.self)
    }
}
