import CariDialect
import CollctivDialect
import ConnectorKit
import DialectKit
import Domain
import Engine
import PostgresStorage
import Rows
import SQLiteStorage
import SandboxConnector
import StancerDialect
import Storage
import StornoDialect
import Webhooks

/// The one list of the APIs that are spoken and of the processors that are driven.
package enum Catalog {
    /// The last one takes the requests that nobody claims.
    package static let dialects: [any Dialect] =
        [StornoDialect(besides: vendors) { SystemRandomNumberGenerator() }] + vendors

    private static let vendors: [any Dialect] = [CariDialect(), StancerDialect(), CollctivDialect()]

    /// Test mode is simulated. Live mode has no processor until one is configured, and nothing live is ever
    /// simulated.
    package static func connectors(operations: any OperationLog, time: any TimeSource) -> ConnectorDirectory {
        let sandbox = SandboxConnector(operations: SandboxMemory(log: operations), time: time)
        return ConnectorDirectory([sandbox], defaults: [.test: sandbox.name])
    }

    /// Opens a database for writing, bringing its schema up to date and binding it to the master key.
    ///
    /// - Parameter sqlite: for an SQLite file alone.
    static func open(
        _ database: DatabaseLocation,
        sqlite: SQLiteOptions = SQLiteOptions(),
        secrets: @Sendable @escaping (_ isBound: Bool) throws -> Secrets
    ) async throws -> any Books {
        switch database {
        case .sqlite(let path): return try SQLiteStore(path: path, options: sqlite, secrets: secrets)
        case .postgres(let target):
            #if PostgreSQL
            return try await PostgresStore.open(target, secrets: secrets)
            #else
            throw withoutPostgreSQL(target)
            #endif
        }
    }

    /// The migrations that opening for writing would do, by name.
    static func pendingMigrations(of database: DatabaseLocation) async throws -> [String] {
        switch database {
        case .sqlite(let path): return try SQLiteStore.pendingMigrations(of: path)
        case .postgres(let target):
            #if PostgreSQL
            return try await PostgresStore.pendingMigrations(of: target)
            #else
            throw withoutPostgreSQL(target)
            #endif
        }
    }

    /// Opens a database for reading only.
    ///
    /// - Parameter secrets: `nil` to leave sealed what is.
    static func open(reading database: DatabaseLocation, secrets: Secrets?) async throws -> any Books {
        switch database {
        case .sqlite(let path): return try SQLiteStore(reading: path, secrets: secrets)
        case .postgres(let target):
            #if PostgreSQL
            return try await PostgresStore.open(reading: target, secrets: secrets)
            #else
            throw withoutPostgreSQL(target)
            #endif
        }
    }

    #if !PostgreSQL
    private static func withoutPostgreSQL(_ target: String) -> SettingsFailure {
        SettingsFailure(name: "database", reason: "this storno was built without PostgreSQL")
    }
    #endif

    /// Events are told to webhook endpoints as our own API shows them, whichever API made what they are about.
    static let eventRenderer: any EventRenderer = StornoEventRenderer()

    /// How our own API words a refusal of any API, for the log of requests.
    static func code(of refusal: Refusal) -> String { StornoDialect.code(of: refusal) }

    /// The stories that test mode's simulated processor plays.
    package static let scenarios = SandboxConnector.stories.map { story in
        ScenarioStory(
            name: story.name,
            amount: story.amount,
            text: story.text,
            rest: story.rest,
            pendingReason: story.pendingReason
        )
    }

    /// An object as our own API writes it.
    static func text(_ object: ObjectReference) -> String { StornoDialect.text(object) }

    /// The number that a text stands for in our own API.
    static func id(_ kind: ObjectKind, _ text: String) -> UInt128? { dialects.first?.id(kind, text) }

    package static func dialect(named name: String) -> (any Dialect)? { dialects.first { $0.name == name } }
}

/// The simulated processor's books, kept in the database beside our own.
private struct SandboxMemory: SandboxOperations {
    let log: any OperationLog

    func record(_ operation: SandboxOperation) async throws -> SandboxOperation {
        let logged = LoggedOperation(
            book: operation.book,
            processorKey: operation.processorKey,
            scenario: operation.scenario,
            amount: operation.amount,
            currency: operation.currency,
            receivedAt: operation.receivedAt
        )
        return SandboxOperation(try await log.record(logged))
    }

    func operation(book: Book, processorKey: String) async throws -> SandboxOperation? {
        try await log.operation(in: book, processorKey: processorKey).map(SandboxOperation.init)
    }
}

extension SandboxOperation {
    fileprivate init(_ logged: LoggedOperation) {
        self.init(
            book: logged.book,
            processorKey: logged.processorKey,
            scenario: logged.scenario,
            amount: logged.amount,
            currency: logged.currency,
            receivedAt: logged.receivedAt
        )
    }
}
