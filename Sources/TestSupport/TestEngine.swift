import ConnectorKit
import Domain
import Engine
import Foundation
import Logging
import Rows
import Storage

/// An engine on a database of its own, with the connector and the limits that a test wants.
package struct TestEngine: Sendable {
    package let engine: Engine
    package let store: any Books
    package let clock: ManualClock
    package let book: Book

    /// - Parameter connector: serves test mode; live mode has none.
    package static func run<Value: Sendable>(
        connector: any Connector,
        limits: Execution.Limits = Execution.Limits(),
        rules: Rules = Rules(),
        on database: TestDatabase = .chosen,
        _ body: @Sendable @escaping (TestEngine) async throws -> Value
    ) async throws -> Value {
        try await database.withStore { store in
            try await run(connector: connector, limits: limits, rules: rules, with: store, body)
        }
    }

    /// On a store that the test has opened, and closes.
    package static func run<Value: Sendable>(
        connector: any Connector,
        limits: Execution.Limits = Execution.Limits(),
        rules: Rules = Rules(),
        with store: any Books,
        _ body: @Sendable @escaping (TestEngine) async throws -> Value
    ) async throws -> Value {
        let clock = ManualClock()
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        let connectors = ConnectorDirectory([connector], defaults: [.test: connector.name])
        let execution = Execution(
            store: store,
            rules: rules,
            connectors: connectors,
            time: clock,
            ids: IdentifierSource(random: SeededRandom(seed: 11)),
            notBefore: Moment(milliseconds: 0),
            limits: limits,
            logger: logger
        )
        let engine = Engine(
            store: store,
            execution: execution,
            connectors: connectors,
            directory: Directory(),
            secrets: .ofTests,
            time: clock,
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await execution.run() }
            defer { execution.close() }
            let book = try await engine.perform(CreateAccount(name: "main")).book(.test)
            return try await body(TestEngine(engine: engine, store: store, clock: clock, book: book))
        }
    }

    package var origin: Origin {
        Origin(book: book, actor: Actor(.key, "key_test"), requestID: "req_test", dialect: "storno")
    }

    /// A person at the command line.
    package var operatorOrigin: Origin {
        Origin(book: book, actor: Actor(.operator, "ada"), requestID: nil, dialect: "storno")
    }

    package func name(_ refund: Refund.ID) -> ObjectName { ObjectName(.refund, refund.raw, in: book) }

    /// The types of a refund's events, in order.
    package func events(of refund: Refund.ID) async throws -> [String] {
        try await store.events(of: ObjectReference(.refund, refund.raw), in: book).map(\.type)
    }

    /// A captured card payment.
    package func payment(_ amount: Int64, pot: Pot.ID? = nil) async throws -> Payment.ID {
        var command = CreatePayment(origin: origin, amount: amount, currency: pot == nil ? Currency(code: "EUR") : nil)
        command.method = .card
        command.settlesAtOnce = true
        command.pot = pot.map { ObjectName(.pot, $0.raw, in: book) }
        return try await engine.perform(command).payment.id
    }

    package func refund(
        _ payment: Payment.ID,
        _ amount: Int64?,
        policy: RefundPolicy = RefundPolicy(),
        by actor: Actor? = nil
    ) async throws(EngineFailure) -> Refund {
        let command = CreateRefund(
            origin: actor.map { Origin(book: book, actor: $0, requestID: nil, dialect: "storno") } ?? origin,
            payment: ObjectName(.payment, payment.raw, in: book),
            amount: amount.flatMap(Amount.init(minorUnits:)),
            policy: policy
        )
        return try await engine.perform(command).refund
    }

    package func payment(_ id: Payment.ID) async throws -> Payment {
        try await engine.payment(ObjectName(.payment, id.raw, in: book), dialect: "storno").payment
    }

    package func refund(_ id: Refund.ID) async throws -> Refund {
        try await engine.refund(ObjectName(.refund, id.raw, in: book), dialect: "storno").refund
    }

    /// Moves the clock and lets the workers do what is due, until nothing is.
    package func advance(by duration: Duration) async throws {
        clock.advance(by: duration)
        var done = 1
        while done > 0 {
            done = 0
            for worker in engine.workers { done += try await worker.work(at: clock.now) }
        }
    }
}

/// A directory that is gone afterwards.
package func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appending(path: "storno-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.path)
}
