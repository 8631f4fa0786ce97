import CariDialect
import CollctivDialect
import ConnectorKit
import DialectKit
import Domain
import Engine
import SQLiteStorage
import SandboxConnector
import StancerDialect
import Storage

/// The one list of the APIs that are spoken and of the processors that are driven.
package enum Catalog {
    /// The last one takes the requests that nobody claims.
    package static let dialects: [any Dialect] = [CariDialect(), StancerDialect(), CollctivDialect()]

    /// Test mode is simulated. Live mode has no processor until one is configured, and nothing live is ever
    /// simulated.
    package static func connectors(operations: any OperationLog, time: any TimeSource) -> ConnectorDirectory {
        let sandbox = SandboxConnector(operations: SandboxMemory(log: operations), time: time)
        return ConnectorDirectory([sandbox], defaults: [.test: sandbox.name])
    }

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
