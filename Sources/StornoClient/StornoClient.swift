/// A client of Storno's API.
///
/// ```swift
/// let storno = try StornoClient(address: "http://127.0.0.1:8080", key: "storno_test_…")
/// let payment = try await storno.payments.create(PaymentDraft(amount: 2500, currency: "EUR"))
/// let refund = try await storno.refunds.create(RefundDraft(payment: payment.id, amount: 1000))
/// for try await refund in storno.refunds.list(RefundFilter(statuses: [.inDoubt])) { print(refund.id) }
/// ```
///
/// Every call that changes something has an idempotency key, its own or one that is given. So what may pass in a moment
/// (no connection, no answer, a busy server, the same request still running) is tried again by itself and never done twice.
/// Amounts are integers in minor units.
///
/// A client is a value: copies share connections, which are closed with the last of them.
public struct StornoClient: Sendable {
    /// The version of the API that this library speaks and asks for, whatever the key is pinned to.
    public static let apiVersion = "2026-11-01"

    /// The step of a trace that calls belong to, as W3C Trace Context writes it in `traceparent`: what they bring about, as far
    /// as webhooks, is told as part of that trace.
    ///
    /// ```swift
    /// try await StornoClient.$traceParent.withValue(field) { try await storno.refunds.create(draft) }
    /// ```
    ///
    /// For programs without a tracer. One that swift-distributed-tracing knows names its steps by itself.
    @TaskLocal public static var traceParent: String?

    /// How a client goes about its calls.
    public struct Options: Sendable {
        /// Until the head of an answer.
        public var timeout = Duration.seconds(30)
        /// How often a call is tried again that may succeed in a moment.
        public var retries = 4
        /// Before the first other try; twice as long before each after it, each up to half shorter by chance.
        public var firstPause = Duration.milliseconds(500)
        /// The longest pause between two tries. A server that asks for a longer one is not asked again.
        public var longestPause = Duration.seconds(30)

        /// What most programs want.
        public init() {}
    }

    let wire: Wire

    /// A client of the server at an address.
    ///
    /// - Parameters:
    ///   - address: scheme, host, port and, behind a proxy, the path before `/storno`: `https://refunds.example`.
    ///   - key: an API key of Storno's own API: `storno_test_…` or `storno_live_…`.
    ///   - transport: how requests go out.
    ///   - clock: by which pauses are waited for.
    ///   - random: makes idempotency keys and spreads pauses; nobody must be able to guess what it gives.
    /// - Throws: `StornoError.invalidAddress`.
    public init(
        address: String,
        key: String,
        options: Options = Options(),
        transport: any StornoTransport = HTTPTransport(),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @Sendable @escaping () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) throws(StornoError) {
        guard let base = Address.base(address) else { throw .invalidAddress(address) }
        wire = Wire(base: base, key: key, options: options, transport: transport, clock: clock, random: random)
    }

    /// What can be refunded.
    public var payments: Payments { Payments(wire: wire) }
    /// What is given back.
    public var refunds: Refunds { Refunds(wire: wire) }
    /// What payers' banks take back.
    public var disputes: Disputes { Disputes(wire: wire) }
    /// Who pays.
    public var customers: Customers { Customers(wire: wire) }
    /// Collections of payments.
    public var pots: Pots { Pots(wire: wire) }
    /// What happened.
    public var events: Events { Events(wire: wire) }
    /// Who is told of it.
    public var webhookEndpoints: WebhookEndpoints { WebhookEndpoints(wire: wire) }
    /// What became of the telling.
    public var deliveries: Deliveries { Deliveries(wire: wire) }
    /// Who may ask.
    public var apiKeys: APIKeys { APIKeys(wire: wire) }
    /// Who did what.
    public var audit: Audit { Audit(wire: wire) }
    /// The books.
    public var ledger: Ledger { Ledger(wire: wire) }
    /// What was asked lately.
    public var requestLogs: RequestLogs { RequestLogs(wire: wire) }
    /// What time it is in test mode.
    public var testClock: TestClocks { TestClocks(wire: wire) }
}

/// The address of a server.
enum Address {
    /// - Returns: without a slash at its end; `nil` for what is no such address.
    static func base(_ text: String) -> String? {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard let colon = text.firstRange(of: "://"),
            ["http", "https"].contains(text[..<colon.lowerBound].lowercased())
        else { return nil }
        let rest = text[colon.upperBound...]
        let isPlain = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#@\"<>\\^`{|}".utf8.contains($0) }
        guard isPlain, let first = rest.first, first != "/", first != ":" else { return nil }
        return text + "/storno/v1"
    }
}
