import ConnectorKit
import Domain
import Logging

/// Writes down what processors tell by themselves.
package struct NotificationListener: Sendable {
    private let engine: Engine

    package init(engine: Engine) {
        self.engine = engine
    }

    /// Listens until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for (_, source) in engine.connectors.notifying {
                group.addTask {
                    for await notification in source.notifications { await hear(notification) }
                }
            }
        }
    }

    private func hear(_ notification: ProcessorNotification) async {
        do {
            try await engine.perform(RecordNotification(notification))
        } catch {
            // Lost like any notification can be: the reconciler asks anyway.
            engine.logger.warning("a notification could not be written down", metadata: ["reason": "\(error)"])
        }
    }
}
