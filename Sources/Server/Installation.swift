import DialectKit
import Domain
import Engine
import Logging
import SQLiteStorage
import Storage

/// A database with the engine over it, ready to work once ``run()`` is under way.
package struct Installation: Sendable {
    package let store: SQLiteStore
    package let engine: Engine
    private let execution: Execution

    /// - Parameter random: makes ids; not for keys.
    package init(
        store: SQLiteStore,
        time: any TimeSource,
        random: any RandomNumberGenerator & Sendable,
        limits: Execution.Limits = Execution.Limits(),
        logger: Logger
    ) async throws {
        let connectors = Catalog.connectors(operations: store, time: time)
        let directory = Directory()
        try await directory.refresh(from: store)
        execution = Execution(
            store: store,
            connectors: connectors,
            time: time,
            ids: IdentifierSource(random: random),
            notBefore: try await store.latestMoment() ?? Moment(milliseconds: 0),
            limits: limits,
            logger: logger
        )
        self.store = store
        engine = Engine(
            store: store,
            execution: execution,
            connectors: connectors,
            directory: directory,
            secrets: store.secrets,
            time: time,
            logger: logger
        )
    }

    /// Carries out commands until ``close()``, or until the task is cancelled and nothing waits any more.
    package func run() async throws {
        try await withTaskCancellationHandler {
            try await execution.run()
        } onCancel: {
            close()
        }
    }

    /// Ends ``run()`` once everything that waits is done.
    package func close() { execution.close() }

    /// What died with the last process: attempts without an answer are in doubt. To be called once, before
    /// anything is sent.
    package func recover() async throws(EngineFailure) {
        while try await engine.perform(RecoverAttempts(limit: 256)) > 0 {}
    }
}
