import NIOCore
import NIOHTTP2

/// Lets an HTTP/2 connection say what it has to say before it closes.
///
/// When the server stops, the end of the last answer closes the connection from inside its own writing: what is not
/// flushed by then would be lost, and the client would never know what its request did.
final class LastFlush: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTP2Frame

    /// Joins a connection that has streams, once.
    static func join(_ pipeline: ChannelPipeline) {
        let operations = pipeline.syncOperations
        guard (try? operations.context(handlerType: LastFlush.self)) == nil,
            let http2 = try? operations.handler(type: NIOHTTP2Handler.self)
        else { return }
        try? operations.addHandler(LastFlush(), position: .after(http2))
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.eventLoop.assumeIsolated()
            .execute {
                context.flush()
                context.close(mode: mode, promise: promise)
            }
    }
}
