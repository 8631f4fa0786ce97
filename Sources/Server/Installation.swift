import DialectKit
import Domain
import Engine
import Logging
import Outbound
import Rows
import Storage
import Webhooks

/// A database with the engine over it, ready to work once ``run()`` is under way.
package struct Installation: Sendable {
    package let store: any Books
    package let engine: Engine
    package let deliverer: Deliverer
    private let execution: Execution

    /// - Parameters:
    ///   - random: makes ids; not for keys.
    ///   - outbound: how others are reached.
    package init(
        store: any Books,
        time: any TimeSource,
        random: any RandomNumberGenerator & Sendable,
        limits: Execution.Limits = Execution.Limits(),
        watcher: (any BatchWatcher)? = nil,
        webhooks: WebhookSettings = WebhookSettings(),
        outbound: OutboundWays = OutboundWays(),
        logger: Logger
    ) async throws {
        let connectors = Catalog.connectors(operations: store, time: time)
        let directory = Directory()
        try await directory.refresh(from: store)
        var rules = Rules()
        rules.delivery.schedule = webhooks.schedule
        rules.delivery.timeout = webhooks.timeout
        execution = Execution(
            store: store,
            rules: rules,
            connectors: connectors,
            time: time,
            ids: IdentifierSource(random: random),
            notBefore: try await store.latestMoment() ?? Moment(milliseconds: 0),
            limits: limits,
            watcher: watcher,
            logger: logger
        )
        self.store = store
        let targets = TargetGuard(allowsLoopback: webhooks.allowsLoopback, resolver: outbound.resolver)
        engine = Engine(
            store: store,
            execution: execution,
            connectors: connectors,
            directory: directory,
            secrets: store.secrets,
            time: time,
            look: store.isShared ? .seconds(1) : .milliseconds(100),
            targets: OutboundCheck(targets),
            logger: logger
        )
        deliverer = Deliverer(
            engine: engine,
            renderer: Catalog.eventRenderer,
            targets: targets,
            caller: outbound.caller,
            logger: logger
        )
        engine.clockwork.attach(deliverer)
    }

    /// Carries out commands until ``close()``, or until the task is cancelled and nothing waits any more.
    package func run() async throws {
        try await withTaskCancellationHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await engine.watchWaits() }
                defer { group.cancelAll() }
                try await withTaskExecutorPreference(OwnThread(label: "storno-execution")) {
                    try await execution.run()
                }
            }
        } onCancel: {
            close()
        }
    }

    /// Ends ``run()`` once everything that waits is done.
    package func close() { execution.close() }

    /// What died with the last process: attempts without an answer are in doubt. To be called once, before
    /// anything is sent. Where other processes are at work, an attempt may be theirs: it is in doubt once its lease is
    /// over.
    package func recover() async throws(EngineFailure) {
        guard !store.isShared else { return }
        while try await engine.perform(RecoverAttempts(limit: 256)) > 0 {}
        for work in try await engine.clockWork() {
            while try await engine.perform(RecoverAttempts(of: work.clock.book, limit: 256)) > 0 {}
        }
        while try await engine.perform(RecoverDeliveries(limit: 256)) > 0 {}
    }
}
