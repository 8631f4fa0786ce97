import DialectKit
import Domain
import Engine
import Logging
import MemoryStorage
import Server
import Storage

/// The demo account on tables in memory, asked through the front door. Every run begins with the same rows and the
/// same ids to come.
package struct World: Sendable {
    private let store: MemoryStore
    private let engine: Engine
    private let door: FrontDoor
    let administration: Administration

    /// - Parameter tables: what is there at the beginning.
    package static func run<Value: Sendable>(
        on tables: Tables = founded,
        _ body: @Sendable @escaping (World) async throws -> Value
    ) throws -> Value {
        try Turns.run {
            let world = try await World(tables)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await world.engine.execution.run() }
                defer { world.engine.execution.close() }
                return try await body(world)
            }
        }
    }

    private init(_ tables: Tables) async throws {
        let secrets = Secrets(bytes: Array(repeating: 5, count: 32))
        store = MemoryStore(tables, secrets: secrets)
        let clock = StoppedClock(after: tables)
        let connectors = Catalog.connectors(operations: NoOperations(), time: clock)
        let directory = Directory()
        try await directory.refresh(from: store)
        var logger = Logger(label: "storno-fuzzing")
        logger.logLevel = .critical
        let execution = Execution(
            store: store,
            connectors: connectors,
            time: clock,
            ids: IdentifierSource(random: Counter(after: tables)),
            notBefore: clock.now,
            logger: logger
        )
        engine = Engine(
            store: store,
            execution: execution,
            connectors: connectors,
            directory: directory,
            secrets: secrets,
            time: clock,
            logger: logger
        )
        door = FrontDoor(engine: engine, readiness: Readiness())
        administration = Administration(engine: engine)
    }

    package func ask(_ request: RequestText) async throws -> Answer { try await door.answer(request) }

    /// Changes with every write.
    package var mark: Mark { Mark(store.content) }

    /// What holds after every request: sums that the tables refuse to break are not repeated here.
    func check() throws {
        let content = store.content
        for balance in TrialBalance.group(content.totals(of: nil)) {
            try hold(balance.isBalanced, "the books of \(balance.currency.code) do not balance")
        }
        for refund in content.refunds.all {
            try hold((1...Amount.largest).contains(refund.amount), "a refund of \(refund.amount)")
        }
    }

    // MARK: - The beginning

    /// The objects of the vendors' documents, and one of each further kind and state under a name that is easily
    /// hit upon.
    package static let founded: Tables = {
        do {
            return try run(on: Tables()) { world in
                try await Demo.prepare(world.engine)
                try await world.found()
                return world.store.content
            }
        } catch {
            preconditionFailure("the world cannot be founded: \(error)")
        }
    }()

    private func found() async throws {
        for object in Founded.all {
            let answer = try await ask(object.request)
            guard let id = object.id(answer) else { throw Disproof(description: "\(object.name): \(answer.text)") }
            guard let key = engine.directory.key(for: Demo.keys[0].text) else { continue }
            let name = ObjectName(object.kind, id, in: key.book)
            let spelling = Spelling(dialect: object.speaker.dialect.name, text: object.name)
            _ = try await engine.perform(AddAlias(object: name, spelling: spelling))
        }
        let settings = ["approval_above": "500000", "collctiv.failed": "on"]
        _ = try await engine.perform(SetAccount(name: Demo.account, settings: settings))
    }
}

/// How many rows of each kind there are, and what the accounts say.
package struct Mark: Equatable {
    private let counts: [Int]
    private let accounts: [Account]

    fileprivate init(_ tables: Tables) {
        counts = [
            tables.payments.ids.count, tables.refunds.ids.count, tables.customers.ids.count, tables.cards.ids.count,
            tables.pots.ids.count, tables.disputes.ids.count, tables.entries.count, tables.idempotency.count,
            tables.aliases.count, tables.facets.count, tables.notes.count, tables.persons.count,
            tables.events.values.reduce(0) { $0 + $1.count }, tables.apiKeys.count,
            tables.apiKeys.count { $0.revokedAt != nil },
        ]
        accounts = tables.accounts
    }
}

/// 2026-01-02 03:04:05 UTC, or a minute after the latest thing that happened, for ever.
private struct StoppedClock: TimeSource {
    let now: Moment

    init(after tables: Tables) {
        now = tables.latestMoment?.adding(.seconds(60)) ?? Moment(seconds: 1_767_323_045)
    }

    func sleep(for duration: Duration) async throws {}
}

private struct Counter: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Gives none of the numbers again that were given while the rows were made.
    init(after tables: Tables) {
        state = UInt64(tables.events.count) << 32
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return state ^ state >> 31
    }
}

/// Nothing is sent to the simulated processor while a request is answered.
private struct NoOperations: OperationLog {
    func record(_ operation: LoggedOperation) async throws(StoreFailure) -> LoggedOperation { operation }

    func operation(in book: Book, processorKey: String) async throws(StoreFailure) -> LoggedOperation? { nil }
}
