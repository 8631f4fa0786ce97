import ConnectorKit
import Domain
import Logging
import Storage

/// Writes down what processors tell by themselves.
package struct NotificationListener: Sendable {
    private let engine: Engine

    package init(engine: Engine) {
        self.engine = engine
    }

    /// Listens until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for (name, source) in engine.connectors.notifying {
                group.addTask {
                    await withDiscardingTaskGroup { group in
                        for await news in source.notifications {
                            // What has to wait holds up nothing that comes after it.
                            if case .foundRefund = news {
                                group.addTask { await hear(news, from: name) }
                            } else {
                                await hear(news, from: name)
                            }
                        }
                    }
                }
            }
        }
    }

    private func hear(_ news: ProcessorNews, from connector: String) async {
        do {
            switch news {
            case .refund(let notification): try await engine.insist(on: RecordNotification(notification))
            case .foundRefund(let found): try await record(found, from: connector)
            case .disputeOpened(let notice): _ = try await engine.insist(on: OpenDispute(notice, from: connector))
            case .disputeClosed(let notice, let state):
                _ = try await engine.insist(on: OpenDispute(notice, outcome: state, from: connector))
            }
        } catch {
            // Lost like any notification can be: what it told can be asked for, or is told again.
            engine.logger.warning("a notification could not be written down", metadata: ["reason": "\(error)"])
        }
    }

    private func record(_ found: FoundRefund, from connector: String) async throws(EngineFailure) {
        let command = RecordExternalRefund(
            origin: .system(found.book, connector),
            payment: ObjectName(.payment, found.payment.raw, in: found.book),
            amount: found.amount,
            currency: found.currency,
            processorReference: found.reference,
            processorTime: found.processorTime
        )
        // Told again until what may be ours is decided: it is one of the two.
        while case .mayBeOurs(let refund) = try await engine.insist(on: command) {
            engine.logger.info(
                "a refund that was found may be one of ours",
                metadata: ["reference": "\(found.reference)", "refund": "\(String(refund.id.raw, radix: 16))"]
            )
            guard (try? await engine.time.sleep(for: Self.untilToldAgain)) != nil else { return }
        }
    }

    private static let untilToldAgain = Duration.seconds(60)
}

extension OpenDispute {
    fileprivate init(_ notice: DisputeNotice, outcome: DisputeState = .open, from connector: String) {
        self.init(
            origin: .system(notice.book, connector),
            payment: ObjectName(.payment, notice.payment.raw, in: notice.book),
            amount: notice.amount,
            currency: notice.currency,
            stage: notice.stage,
            fundsWithdrawn: notice.fundsWithdrawn,
            outcome: outcome,
            reference: notice.reference,
            response: notice.response,
            openedAt: notice.openedAt
        )
    }
}
