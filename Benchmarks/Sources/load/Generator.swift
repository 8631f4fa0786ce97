import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Asks as its plan says. All of it happens on one event loop.
///
/// A request's latency begins when it should have been sent, not when a connection was free for it: otherwise a server that
/// stands still would be asked less, and its worst moments would not count.
final class Generator {
    private let plan: Plan
    private let loop: any EventLoop
    private let templates: [Template]
    private let order: [Int]
    private let tls: NIOSSLContext?
    private var idle: [Connection] = []
    private var next: NIODeadline?
    private var isWaiting = false
    private var random: SplitMix
    private var keys = Keys()
    private var scratch = ByteBuffer()
    private(set) var tally: Tally
    private var isOver = false
    private var opened = 0
    private let begin: NIODeadline
    private let end: NIODeadline
    private let done: EventLoopPromise<Void>

    /// How long answers are waited for when the time is over.
    private static let grace = TimeAmount.seconds(5)

    init(_ plan: Plan, lists: [String: [[UInt8]]], on loop: any EventLoop) throws {
        self.plan = plan
        self.loop = loop
        templates = try plan.requests.map { try Template($0, host: "localhost:\(plan.ports[0])", lists: lists) }
        order = plan.requests.enumerated().flatMap { Array(repeating: $0, count: $1.weight) }
        tls = try plan.authority.map { file in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(file)
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        }
        random = SplitMix(seed: plan.seed)
        tally = Tally(kinds: plan.requests.count)
        begin = .now() + .nanoseconds(Int64(plan.warmup * 1e9))
        end = begin + .nanoseconds(Int64(plan.seconds * 1e9))
        done = loop.makePromise()
    }

    /// - Returns: succeeds when everything that was to be asked is answered.
    func start() -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        for number in 0..<plan.connections { connect(to: plan.ports[number % plan.ports.count]) }
        loop.scheduleTask(deadline: begin) { bound.value.tally.begin(bound.value.plan.processes) }
        loop.scheduleTask(deadline: end) { bound.value.finish() }
        return done.futureResult
    }

    private func connect(to port: Int) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let tls = tls
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    try pipeline.addHandler(Connection(port: port, generator: bound.value))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenFailure { failure in
                bound.value.done.fail(failure)
            }
    }

    // MARK: - What connections tell

    func opened(_ connection: Connection) {
        opened += 1
        guard let rate = plan.rate else { return ask(connection, intended: .now()) }
        idle.append(connection)
        guard opened == plan.connections else { return }
        // Nobody asks before everybody is there.
        next = .now()
        draw(rate)
        wait()
    }

    func answered(_ connection: Connection, _ status: Int) {
        let now = NIODeadline.now()
        guard let intended = connection.intended else { return lost(connection) }
        connection.intended = nil
        tally.add(
            connection.kind,
            status: status,
            latency: now - intended,
            isIntended: intended >= begin && intended < end,
            isWithin: now >= begin && now < end
        )
        if let limit = plan.limit, tally.all >= limit { finish() }
        guard !isOver else {
            if tally.underWay == 0 { done.succeed() }
            return
        }
        guard let rate = plan.rate else { return ask(connection, intended: now) }
        if let due = next, due <= now {
            ask(connection, intended: due)
            draw(rate)
        } else {
            idle.append(connection)
            if !isWaiting { wait() }
        }
    }

    func lost(_ connection: Connection) {
        guard !isOver else { return }
        idle.removeAll { $0 === connection }
        opened -= 1
        if connection.intended != nil { tally.breakOff(connection.kind) }
        connection.intended = nil
        connect(to: connection.port)
    }

    func write(_ template: Template, to buffer: inout ByteBuffer) {
        template.write(to: &buffer, scratch: &scratch, random: &random, keys: &keys)
    }

    // MARK: - Asking

    private func ask(_ connection: Connection, intended: NIODeadline) {
        let kind = order.count == 1 ? 0 : order[Int(random.next(upperBound: UInt64(order.count)))]
        connection.kind = kind
        connection.intended = intended
        tally.underWay += 1
        connection.send(templates[kind])
    }

    /// Moments that know nothing of each other: what is between two of them is distributed exponentially.
    private func draw(_ rate: Double) {
        let chance = Double(random.next() >> 11) / Double(1 << 53)
        next = next.map { $0 + .nanoseconds(Int64(-log(1 - chance) / rate * 1e9)) }
    }

    /// Asks what is due of whoever is idle. What finds nobody is asked by who is answered next, late, but counted from when it
    /// was due.
    private func wait() {
        isWaiting = false
        guard !isOver, let rate = plan.rate else { return }
        let now = NIODeadline.now()
        while let due = next, due <= now, let connection = idle.popLast() {
            ask(connection, intended: due)
            draw(rate)
        }
        guard !idle.isEmpty, let due = next else { return }
        isWaiting = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: due) { bound.value.wait() }
    }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        tally.end(plan.processes)
        guard tally.underWay > 0 else { return done.succeed() }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: Self.grace) { bound.value.done.succeed() }
    }
}
