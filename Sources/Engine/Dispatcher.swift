import ConnectorKit
import Domain
import Storage

/// Sends queued refunds to one connector's processor.
package struct Dispatcher: CallingWorker {
    package let engine: Engine
    let connector: any Connector

    package init(engine: Engine, connector: any Connector) {
        self.engine = engine
        self.connector = connector
    }

    package var kind: DueWork.Kind { .refundsToSend(connector: connector.name) }

    func claim(at moment: Moment, in book: Book?, limit: Int) async throws(EngineFailure) -> [ClaimedRefund] {
        try await engine.perform(ClaimRefunds(connector: connector.name, of: book, at: moment, limit: limit))
    }

    func handle(_ claim: ClaimedRefund) async {
        await record(RecordSubmission(claim: claim, outcome: await send(claim, engine, connector)))
    }
}

/// Asks one connector's processor what became of refunds that were sent.
package struct Reconciler: CallingWorker {
    package let engine: Engine
    let connector: any Connector

    package init(engine: Engine, connector: any Connector) {
        self.engine = engine
        self.connector = connector
    }

    package var kind: DueWork.Kind { .refundsToFollow(connector: connector.name) }

    func claim(at moment: Moment, in book: Book?, limit: Int) async throws(EngineFailure) -> [ClaimedRefund] {
        try await engine.perform(ClaimInquiries(connector: connector.name, of: book, at: moment, limit: limit))
    }

    func handle(_ claim: ClaimedRefund) async {
        if claim.isResend {
            await record(RecordSubmission(claim: claim, outcome: await send(claim, engine, connector)))
        } else {
            let outcome = await connector.find(claim.order, reference: claim.processorReference)
            await record(RecordInquiry(claim: claim, outcome: outcome))
        }
    }
}

/// Sends what was claimed, unless so much time has gone by that others may have taken it over.
private func send(_ claim: ClaimedRefund, _ engine: Engine, _ connector: any Connector) async -> SubmissionOutcome {
    // In a book with a time of its own that stands still meanwhile: whoever holds its clock is alone with it.
    let now = claim.order.isOnClock ? claim.claimedAt : engine.execution.moment
    guard engine.execution.rules.sending.maySend(claim, now) else {
        return .unsent("the lease was nearly over before the call began")
    }
    return await connector.submit(claim.order)
}
