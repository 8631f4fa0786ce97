import ConnectorKit
import Domain
import Logging
import Storage

/// The refund engine: commands go through ``Execution``, queries straight to the store's readers.
///
/// Commands: `CreatePayment`, `UpdatePayment`, `CreateRefund`, `CancelRefund`, `CreateCustomer`,
/// `UpdateCustomer`, `DeleteCustomer`, `CreateCard`, `UpdateCard`, `DeleteCard`, `CreatePot`, `UpdateFacet`,
/// `HideObject`; for facts from outside `OpenDispute`, `CloseDispute`, `RecordExternalRefund`; for operators
/// `DecideApproval`, `ResolveRefund`, `RecheckRefund`, `CreateAccount`, `SetAccount`, `CreateKey`, `RevokeKey`; for
/// webhooks `CreateWebhookEndpoint`, `UpdateWebhookEndpoint`, `RotateWebhookSecret`, `PingWebhookEndpoint`,
/// `DeleteWebhookEndpoint`, `ResendDelivery`, `ReplayEvents`, and their worker's `FanOutEvents`, `ClaimDeliveries`,
/// `RecordDelivery`, `RecoverDeliveries`; for the other workers `ChainAudit`,
/// `ClaimRefunds`, `RecordSubmission`, `ClaimInquiries`, `RecordInquiry`, `RecoverAttempts`,
/// `AdvancePayments`, `ExpireApprovals`; for the time of test-mode books `FreezeClock`, `AdvanceClock`, `ResumeClock`, and
/// whoever moves it `HoldClock`, `StepClock`, `LeaveClock`.
package struct Engine: Sendable {
    package let store: any Store
    package let execution: Execution
    package let connectors: ConnectorDirectory
    package let directory: Directory
    package let secrets: Secrets
    package let time: any TimeSource
    /// How long new work may go unseen by a worker.
    package let look: Duration
    /// Looks at the addresses of webhook endpoints; `nil` where none is told of anything.
    package let targets: (any TargetCheck)?
    let logger: Logger
    let running = RunningKeys()
    let marks = PageMarks()
    let inquiry = KeyInquiry()
    package let streams = OpenStreams()
    package let requests = RequestLog()
    package let clockwork = Clockwork()
    /// Whoever types a word that everything has must not keep all the readers from everybody else.
    let searches: Turnstile
    let reads: Turnstile

    package init(
        store: any Store,
        execution: Execution,
        connectors: ConnectorDirectory,
        directory: Directory,
        secrets: Secrets,
        time: any TimeSource,
        look: Duration = .milliseconds(100),
        targets: (any TargetCheck)? = nil,
        logger: Logger
    ) {
        self.store = store
        self.execution = execution
        self.connectors = connectors
        self.directory = directory
        self.secrets = secrets
        self.time = time
        self.look = look
        self.targets = targets
        self.logger = logger
        let limits = execution.limits
        searches = Turnstile(2, waiting: 32, wait: limits.wait)
        reads = Turnstile(Self.readsAtOnce, waiting: limits.waiting, wait: limits.wait)
    }

    /// More than a store has readers, so that none of them has to wait for work.
    private static let readsAtOnce = 16

    /// All that works by itself: one of each for every connector, one for all payments, one
    /// for all approvals.
    package var workers: [any Worker] {
        connectors.all.flatMap { connector -> [any Worker] in
            [Dispatcher(engine: self, connector: connector), Reconciler(engine: self, connector: connector)]
        } + [PaymentClock(engine: self), ApprovalClock(engine: self)]
    }

    package func perform<C: Command>(_ command: C) async throws(EngineFailure) -> C.Outcome {
        try await execution.perform(command)
    }

    /// Carries a command out and renders its answer; with `once`, for the first request of that key only.
    package func answer<C: Command>(
        _ command: C,
        in book: Book,
        once: Once?,
        render: @Sendable @escaping (C.Outcome) -> [UInt8]
    ) async throws(EngineFailure) -> Answer where C.Outcome: AboutObject {
        guard let once else {
            return Answer(body: render(try await perform(command)), isReplay: false)
        }
        let key = IdempotencyKey(book: book, text: once.key)
        guard running.take(key) else { throw .idempotencyInProgress }
        defer { running.giveBack(key) }
        return try await perform(Idempotent(inner: command, book: book, once: once, render: render))
    }

    /// Reads accounts and keys again. Where that fails, those of before go on being served.
    package func refreshDirectory() async {
        do {
            try await directory.refresh(from: store)
        } catch {
            logger.error("accounts and keys could not be read again", metadata: ["reason": "\(error)"])
        }
    }

    /// Tells those that have waited for too long to come again, again and again, until the task is cancelled.
    package func watchWaits() async {
        guard let wait = execution.limits.wait else { return }
        while (try? await time.sleep(for: wait / 10)) != nil {
            execution.refuseLate()
            reads.refuseLate(at: time.now)
            searches.refuseLate(at: time.now)
        }
    }

    /// Reads in its turn, with the store's failures in the engine's words.
    func read<Value>(_ body: (any Store) async throws(StoreFailure) -> Value) async throws(EngineFailure) -> Value {
        try await reads.enter(at: time.now)
        defer { reads.leave() }
        do {
            return try await body(store)
        } catch {
            logger.error("a read failed", metadata: ["reason": "\(error)"])
            throw .storageUnavailable
        }
    }
}
