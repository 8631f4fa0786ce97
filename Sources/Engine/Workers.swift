import ConnectorKit
import Domain
import Logging
import Storage

/// Sends queued refunds to their processors.
package struct Dispatcher: Worker {
    package let engine: Engine
    package let kind = DueWork.Kind.refundsToSend

    package init(engine: Engine) {
        self.engine = engine
    }

    package func work(at moment: Moment) async throws(EngineFailure) -> Int {
        let claims = try await engine.perform(ClaimRefunds(at: moment, limit: Self.batch))
        await withDiscardingTaskGroup { group in
            for claim in claims { group.addTask { await submit(claim) } }
        }
        return claims.count
    }

    private func submit(_ claim: ClaimedRefund) async {
        guard let connector = engine.connectors.connector(named: claim.connector) else { return }
        let outcome = await connector.submit(claim.order)
        await record(RecordSubmission(claim: claim, outcome: outcome))
    }
}

/// Asks processors what became of refunds that were sent.
package struct Reconciler: Worker {
    package let engine: Engine
    package let kind = DueWork.Kind.refundsToFollow

    package init(engine: Engine) {
        self.engine = engine
    }

    package func work(at moment: Moment) async throws(EngineFailure) -> Int {
        let claims = try await engine.perform(ClaimInquiries(at: moment, limit: Self.batch))
        await withDiscardingTaskGroup { group in
            for claim in claims { group.addTask { await ask(claim) } }
        }
        return claims.count
    }

    private func ask(_ claim: ClaimedRefund) async {
        guard let connector = engine.connectors.connector(named: claim.connector) else { return }
        if claim.isResend {
            let outcome = await connector.submit(claim.order)
            await record(RecordSubmission(claim: claim, outcome: outcome))
        } else {
            let outcome = await connector.find(claim.order, reference: claim.processorReference)
            await record(RecordInquiry(claim: claim, outcome: outcome))
        }
    }
}

/// Takes the simulated processor's next steps for payments.
package struct PaymentClock: Worker {
    package let engine: Engine
    package let kind = DueWork.Kind.payments

    package init(engine: Engine) {
        self.engine = engine
    }

    package func work(at moment: Moment) async throws(EngineFailure) -> Int {
        try await engine.perform(AdvancePayments(at: moment, limit: Self.batch))
    }
}

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

/// Something that looks for due work, does it, and sleeps until there is more.
package protocol Worker: Sendable {
    var engine: Engine { get }
    var kind: DueWork.Kind { get }

    /// - Returns: how much was due.
    func work(at moment: Moment) async throws(EngineFailure) -> Int
}

extension Worker {
    /// How much is taken at a time.
    static var batch: Int { 64 }
    /// How long new work may go unseen.
    private static var look: Duration { .milliseconds(100) }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                let moment = engine.execution.moment
                let next = try await engine.read { store throws(StoreFailure) in try await store.nextDue(kind) }
                if let next, next <= moment, try await work(at: moment) > 0 { continue }
            } catch {
                engine.logger.warning("work was put off", metadata: ["kind": "\(kind)", "reason": "\(error)"])
            }
            do { try await engine.time.sleep(for: Self.look) } catch { return }
        }
    }

    /// Writes a result down, trying again while the server is busy or storage is away. If it never can be, the
    /// lease runs out and the processor is asked again.
    func record<C: Command>(_ command: C) async where C.Outcome == Void {
        for _ in 0..<Self.tries {
            do throws(EngineFailure) {
                return try await engine.perform(command)
            } catch {
                guard error == .busy || error == .storageUnavailable else { break }
                guard (try? await engine.time.sleep(for: Self.pauseBetweenTries)) != nil else { break }
            }
        }
        engine.logger.warning("a result could not be written down", metadata: ["command": "\(C.self)"])
    }

    private static var tries: Int { 40 }
    private static var pauseBetweenTries: Duration { .milliseconds(250) }
}
