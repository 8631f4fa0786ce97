import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Closes a connection, or resets a stream, that takes nothing of what it asked for.
///
/// A channel is not writable while more waits in it than may wait, and is again once most of that has gone out. A list
/// is written on then, so whoever reads, however slowly, gets all of it. What is less than that ends with the idle
/// limit. No timer runs for a client that reads.
final class WriteDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        if !context.channel.isWritable {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { WriteDeadline.end(context) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    /// The kernel is to forget what it holds: it would offer it for minutes to somebody who does not take it.
    private static func end(_ context: ChannelHandlerContext) {
        if let socket = context.channel as? any SocketOptionProvider {
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        context.close(promise: nil)
    }
}
