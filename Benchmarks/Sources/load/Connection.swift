import NIOCore

/// One kept connection, with one request under way at the most.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// When the request under way should have been sent, and which it is.
    var intended: NIODeadline?
    var kind = 0

    let port: Int
    private let generator: Generator
    private var context: ChannelHandlerContext?
    private var arrived = ByteBuffer()
    private var buffer = ByteBuffer()

    init(port: Int, generator: Generator) {
        self.port = port
        self.generator = generator
    }

    func send(_ template: Template) {
        guard let context else { preconditionFailure("only a connection that is there is asked") }
        generator.write(template, to: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) { generator.opened(self) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        if arrived.readableBytes == 0 { arrived = more } else { arrived.writeBuffer(&more) }
        switch Answer(in: arrived) {
        case .incomplete: return
        case .unreadable: context.close(promise: nil)
        case .complete(let status):
            arrived.clear()
            generator.answered(self, status)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { generator.lost(self) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
