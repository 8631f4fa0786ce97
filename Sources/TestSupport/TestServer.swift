import DialectKit
import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Rows
import Server
import Storage
import Synchronization

/// A whole Storno in a directory of its own, on a clock that the test moves, asked through the real router.
package struct TestServer: Sendable {
    package let installation: Installation
    package let clock: ManualClock
    private let client: any TestClientProtocol

    package var engine: Engine { installation.engine }

    /// Starts one for the duration of `body`.
    package static func run<Value: Sendable>(
        limits: Execution.Limits = Execution.Limits(),
        rateLimit: RateLimit? = nil,
        webhooks: WebhookSettings = WebhookSettings(),
        outbound: OutboundWays = OutboundWays(),
        on database: TestDatabase = .chosen,
        _ body: @Sendable @escaping (TestServer) async throws -> Value
    ) async throws -> Value {
        try await database.withStore { store in
            try await run(
                limits: limits,
                rateLimit: rateLimit,
                webhooks: webhooks,
                outbound: outbound,
                with: store,
                body
            )
        }
    }

    /// On a store that the test has opened, and closes.
    package static func run<Value: Sendable>(
        limits: Execution.Limits = Execution.Limits(),
        rateLimit: RateLimit? = nil,
        webhooks: WebhookSettings = WebhookSettings(),
        outbound: OutboundWays = OutboundWays(),
        with store: any Books,
        _ body: @Sendable @escaping (TestServer) async throws -> Value
    ) async throws -> Value {
        let clock = ManualClock()
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        let installation = try await Installation(
            store: store,
            time: clock,
            random: SeededRandom(seed: 1),
            limits: limits,
            webhooks: webhooks,
            outbound: outbound,
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await installation.run() }
            group.addTask { await NotificationListener(engine: installation.engine).run() }
            defer {
                installation.close()
                group.cancelAll()
            }
            let app = Application(
                responder: FrontDoor(engine: installation.engine, readiness: Readiness(), rateLimit: rateLimit),
                logger: logger
            )
            return try await app.test(.router) { client in
                try await body(TestServer(installation: installation, clock: clock, client: client))
            }
        }
    }

    /// A new key of an API, ready to use.
    package func key(
        _ dialect: String,
        _ mode: Mode = .test,
        account: String = "main",
        scopes: Set<String> = [],
        expiresAt: Moment? = nil
    ) async throws -> String {
        guard let spoken = Catalog.dialect(named: dialect) else { throw UnknownDialect(name: dialect) }
        var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        let key = spoken.newKey(mode, random: &random)
        var command = CreateKey(
            account: account,
            mode: mode,
            dialect: dialect,
            credential: key.text,
            prefix: key.prefix,
            scopes: scopes
        )
        command.expiresAt = expiresAt
        command.apiVersion = spoken.newestVersion
        _ = try await engine.perform(command)
        try await engine.directory.refresh(from: installation.store)
        return key.text
    }

    /// What `storno verify` would say, in its words.
    package func findings() async throws -> [String] {
        try await installation.store.verify().map { "\($0)" }
    }

    package func set(_ settings: [String: String?], account: String = "main") async throws {
        _ = try await engine.perform(SetAccount(name: account, settings: settings))
        try await engine.directory.refresh(from: installation.store)
    }

    /// Sends one request through the router.
    ///
    /// - Parameters:
    ///   - path: as on the wire, with query.
    ///   - authorization: the whole field, such as `Bearer …`.
    package func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        authorization: String? = nil,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> TestAnswer {
        var fields: HTTPFields = [:]
        if let authorization { fields[.authorization] = authorization }
        if body != nil { fields[.contentType] = "application/json" }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return try await client.execute(
            uri: path,
            method: method,
            headers: fields,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            TestAnswer(status: response.status.code, fields: response.headers, body: Array(buffer: response.body))
        }
    }

    /// Moves the clock, one second at a time up to a minute, then at once, and lets the workers do what falls
    /// due. A call that waits for its timeout gets the time that it needs.
    package func advance(by duration: Duration) async throws {
        let seconds = duration.components.seconds
        for _ in 0..<min(seconds, 60) {
            clock.advance(by: .seconds(1))
            try await work()
        }
        if seconds > 60 {
            clock.advance(by: .seconds(seconds - 60))
            try await work()
        }
    }

    private func work() async throws {
        let done = Flag()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                defer { done.raise() }
                try await workUntilNothingIsDue()
            }
            while !done.isRaised {
                if clock.hasSleepers { clock.advance(by: .seconds(1)) }
                await Task.yield()
            }
        }
    }

    private func workUntilNothingIsDue() async throws {
        var done = 1
        while done > 0 {
            done = 0
            for worker in installation.engine.workers { done += try await worker.work(at: clock.now) }
        }
    }
}

/// Something that is over, or not yet.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .acquiring) }

    func raise() { state.store(true, ordering: .releasing) }
}

package struct UnknownDialect: Error {
    let name: String
}

/// What came back.
package struct TestAnswer: Sendable {
    package let status: Int
    package let fields: HTTPFields
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON, read as strictly as requests are.
    package var json: JSONValue {
        get throws { try JSONReader.read(body) }
    }
}

extension JSONValue {
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var integer: Int64? {
        if case .number(let token) = self { Int64(token) } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var names: [String]? {
        if case .object(let members) = self { members.map(\.name) } else { nil }
    }
}
