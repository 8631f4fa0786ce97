import NIOCore

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
        let channel = context.channel
        if !channel.isWritable {
            timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }
}
