#if PostgreSQL
import ConnectorKit
import Domain
import Engine
import Logging
import PostgresStorage
import Storage
import TestSupport

/// Two processes on one PostgreSQL database, as far as two stores and two engines in one can be.
struct TwoNodes: Sendable {
    struct Node: Sendable {
        let engine: Engine
        let store: PostgresStore
        let book: Book

        func payment(_ amount: Int64, by reference: String? = nil) async throws -> Payment.ID {
            var command = CreatePayment(origin: origin, amount: amount, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            command.uniqueReference = reference
            return try await engine.perform(command).payment.id
        }

        func refund(_ payment: Payment.ID, _ amount: Int64) async throws(EngineFailure) -> Refund {
            try await engine.perform(creation(payment, amount)).refund
        }

        func creation(_ payment: Payment.ID, _ amount: Int64) -> CreateRefund {
            CreateRefund(
                origin: origin,
                payment: ObjectName(.payment, payment.raw, in: book),
                amount: Amount(minorUnits: amount),
                policy: RefundPolicy()
            )
        }

        private var origin: Origin {
            Origin(book: book, actor: Actor(.key, "key_test"), requestID: "req_test", dialect: "storno")
        }
    }

    let first: Node
    let second: Node
    let clock: ManualClock

    static func run<Value: Sendable>(
        _ connector: any Connector = ScriptedConnector(submissions: []),
        _ body: @Sendable @escaping (TwoNodes) async throws -> Value
    ) async throws -> Value {
        try await TestDatabase.withSchema { server, schema in try await run(connector, server, schema, body) }
    }

    private static func run<Value: Sendable>(
        _ connector: any Connector,
        _ server: String,
        _ schema: String,
        _ body: @Sendable @escaping (TwoNodes) async throws -> Value
    ) async throws -> Value {
        let clock = ManualClock()
        var engines: [(Engine, PostgresStore)] = []
        for seed in 1...2 {
            let store = try await PostgresStore.open(server, schema: schema) { _ in .ofTests }
            engines.append((engine(store, connector, clock, UInt64(seed)), store))
        }
        let nodes = engines
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for (engine, _) in nodes { group.addTask { try await engine.execution.run() } }
            let book = try await nodes[0].0.perform(CreateAccount(name: "main")).book(.test)
            let (first, second) = (
                Node(engine: nodes[0].0, store: nodes[0].1, book: book),
                Node(engine: nodes[1].0, store: nodes[1].1, book: book)
            )
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(TwoNodes(first: first, second: second, clock: clock)))
            } catch {
                result = .failure(error)
            }
            for (engine, store) in nodes {
                engine.execution.close()
                await store.close()
            }
            return try result.get()
        }
    }

    private static func engine(
        _ store: PostgresStore,
        _ connector: any Connector,
        _ clock: ManualClock,
        _ seed: UInt64
    ) -> Engine {
        var logger = Logger(label: "storno-test")
        logger.logLevel = .critical
        let connectors = ConnectorDirectory([connector], defaults: [.test: connector.name])
        let execution = Execution(
            store: store,
            connectors: connectors,
            time: clock,
            ids: IdentifierSource(random: SeededRandom(seed: seed)),
            notBefore: Moment(milliseconds: 0),
            logger: logger
        )
        return Engine(
            store: store,
            execution: execution,
            connectors: connectors,
            directory: Directory(),
            secrets: .ofTests,
            time: clock,
            logger: logger
        )
    }
}
#endif
