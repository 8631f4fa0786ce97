import Domain
import Engine
import Logging
import Outbound
import Rows
import Storage
import TestSupport
import Testing
import Webhooks

/// Events as their type, number and object, which is all that the deliverer's tests look at.
struct PlainRenderer: EventRenderer {
    func id(of event: Event) -> String { "\(String(event.object.id, radix: 36))_\(event.sequence)" }

    func message(of event: Event, in engine: Engine) async throws(EngineFailure) -> [UInt8] {
        Array("{\"type\":\"\(event.type)\"}".utf8)
    }
}

/// An engine with a deliverer over it, and a receiver that answers as a test says.
struct Post: Sendable {
    let test: TestEngine
    let receiver: ScriptedReceiver
    let deliverer: Deliverer

    static let url = "https://hooks.example.com/in"

    static func run(
        rules: Rules = Rules(),
        resolver: ScriptedResolver = ScriptedResolver(["hooks.example.com": [.v4(0x0808_0808)]]),
        _ body: @Sendable @escaping (Post) async throws -> Void
    ) async throws {
        try await TestEngine.run(connector: ScriptedConnector(), rules: rules) { test in
            let receiver = ScriptedReceiver()
            try await body(Post(test: test, receiver: receiver, deliverer: deliverer(test, receiver, resolver)))
        }
    }

    private static func deliverer(
        _ test: TestEngine,
        _ receiver: ScriptedReceiver,
        _ resolver: ScriptedResolver
    ) -> Deliverer {
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        return Deliverer(
            engine: test.engine,
            renderer: PlainRenderer(),
            targets: TargetGuard(allowsLoopback: false, resolver: resolver),
            caller: receiver,
            logger: logger
        )
    }

    /// Waits until no transaction of another test, on the same server, holds back what was committed here.
    func settle() async throws {
        let newest = EventRange(test.book, .newestFirst, limit: 1)
        guard let last = try await test.engine.events(in: newest).first?.place else { return }
        while try await test.engine.lastSettledPlace(in: test.book) < last {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func endpoint(_ types: [String] = [], url: String = Self.url) async throws -> WebhookEndpoint {
        try await settle()
        let command = CreateWebhookEndpoint(
            origin: test.origin,
            target: WebhookTarget(url: url, label: nil, key: .fresh()),
            types: types,
            apiVersion: "v1",
            mark: try await test.engine.lastSettledPlace(in: test.book)
        )
        return try await test.engine.perform(command).endpoint
    }

    func name(_ endpoint: WebhookEndpoint) -> ObjectName {
        ObjectName(.webhookEndpoint, endpoint.id.raw, in: test.book)
    }

    func read(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint {
        try await test.engine.webhookEndpoint(name(endpoint))
    }

    func update(_ endpoint: WebhookEndpoint, _ change: (inout UpdateWebhookEndpoint) -> Void) async throws {
        var command = UpdateWebhookEndpoint(origin: test.origin, endpoint: name(endpoint))
        change(&command)
        _ = try await test.engine.perform(command)
    }

    func deliveries(of endpoint: WebhookEndpoint, in states: Set<DeliveryState> = []) async throws -> [Delivery] {
        let keys = try await test.store.keys(
            of: .deliveries(test.book, endpoint.id, in: states),
            in: KeyRange(.oldestFirst, limit: 1000)
        )
        return try await test.store.deliveries(keys.map { Identifier($0) }, in: test.book)
    }

    /// Sends what is due now, and what becomes due by that.
    func deliver() async throws {
        try await settle()
        while try await deliverer.work() > 0 {}
    }

    /// Lets time go by in steps, sending what falls due.
    func wait(_ duration: Duration, steps: Int = 1) async throws {
        for _ in 0..<steps {
            test.clock.advance(by: duration / steps)
            try await deliver()
        }
    }

    /// Lets time go by to each moment at which something falls due, and sends it.
    ///
    /// - Parameter until: stops where this holds.
    func waitForAll(until: () async throws -> Bool = { false }) async throws {
        try await deliver()
        while let due = try await test.engine.webhookWork().compactMap(\.nextDue).min(), try await !until() {
            test.clock.advance(by: due.since(test.clock.now))
            try await deliver()
        }
    }

    func check() async throws {
        let findings = try await test.store.verify()
        #expect(findings.isEmpty)
    }
}
