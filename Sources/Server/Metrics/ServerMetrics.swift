import CoreMetrics
import DialectKit
import Engine
import Hummingbird
import NIOConcurrencyHelpers

/// What a server tells of its work as it goes: requests, and the batches in which commands are carried out.
package struct ServerMetrics: BatchWatcher {
    private let requests: LabelledInstruments<RequestLabels, CoreMetrics.Timer>
    private let events: LabelledInstruments<String, Counter>
    private let webhookAttempts: LabelledInstruments<String, Counter>
    private let batchSizes: Recorder
    private let commitTimes: CoreMetrics.Timer
    private let failures: Counter
    private let refusals: Counter
    private let waiting: Meter
    private let clock = ContinuousClock()
    /// When the batch began that is under way: there is one at a time.
    private let begin = NIOLockedValueBox<ContinuousClock.Instant?>(nil)

    package init(_ factory: any MetricsFactory) {
        requests = LabelledInstruments { labels in
            CoreMetrics.Timer(label: Name.requestSeconds, dimensions: labels.dimensions, factory: factory)
        }
        events = LabelledInstruments { type in
            Counter(label: Name.events, dimensions: [("type", type)], factory: factory)
        }
        webhookAttempts = LabelledInstruments { outcome in
            Counter(label: Name.webhookAttempts, dimensions: [("outcome", outcome)], factory: factory)
        }
        batchSizes = Recorder(label: Name.batchSize, factory: factory)
        commitTimes = CoreMetrics.Timer(label: Name.commitSeconds, factory: factory)
        failures = Counter(label: Name.commitFailures, factory: factory)
        refusals = Counter(label: Name.commandsRefused, factory: factory)
        waiting = Meter(label: Name.commandsWaiting, factory: factory)
    }

    // MARK: - Requests

    /// Answers a request, and keeps how long it took until the answer could begin.
    func timed(
        _ request: Request,
        _ answer: () async throws -> (DialectAnswer, Response)
    ) async throws -> (DialectAnswer, Response) {
        let start = clock.now
        let (told, response) = try await answer()
        requests[RequestLabels(request.method, told, response.status)]
            .recordNanoseconds(start.duration(to: clock.now).wholeNanoseconds)
        return (told, response)
    }

    // MARK: - Batches

    package func batchBegins(commands: Int, waiting count: Int) {
        batchSizes.record(commands)
        waiting.set(count)
        begin.withLockedValue { $0 = clock.now }
    }

    package func batchEnds(with news: BatchNews) {
        if let start = begin.withLockedValue({ $0.take() }) {
            commitTimes.recordNanoseconds(start.duration(to: clock.now).wholeNanoseconds)
        }
        for (type, count) in news.events { events[type].increment(by: count) }
        for (outcome, count) in news.deliveries { webhookAttempts[outcome].increment(by: count) }
    }

    package func batchFails() { failures.increment() }

    package func refuses(commands: Int) { refusals.increment(by: commands) }
}

extension ServerMetrics {
    /// The names of everything that is told, here and by ``StandingMetrics``.
    enum Name {
        static let requestSeconds = "http_server_request_duration_seconds"
        static let batchSize = "storno_commit_batch_size"
        static let commitSeconds = "storno_commit_duration_seconds"
        static let commitFailures = "storno_commit_failures_total"
        static let commandsWaiting = "storno_commands_waiting"
        static let commandsRefused = "storno_commands_refused_total"
        static let events = "storno_events_total"
        static let webhookAttempts = "storno_webhook_attempts_total"
        static let refunds = "storno_refunds"
        static let overdue = "storno_overdue_seconds"
        static let imbalances = "storno_ledger_imbalances"
        static let ledgerChecked = "storno_ledger_checked_timestamp_seconds"
        static let storage = "storno_storage_up"
    }

    /// What each of them means.
    package static let descriptions: [String: PrometheusRegistry.Description] = [
        Name.requestSeconds: .init("From a request's arrival to the beginning of its answer."),
        Name.batchSize: .init("Commands that shared a transaction.", buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
        Name.commitSeconds: .init("From a batch's beginning until it was durable."),
        Name.commitFailures: .init("Batches of which nothing was written, or nobody knows."),
        Name.commandsWaiting: .init("Commands that waited behind the newest batch."),
        Name.commandsRefused: .init("Commands that were told to come again, since too many waited or for too long."),
        Name.events: .init("Events written, by type: what happened to payments, refunds and everything else."),
        Name.webhookAttempts: .init("Webhook messages sent, by what came of them."),
        Name.refunds: .init("Refunds that are not settled, by status."),
        Name.overdue: .init("How long the oldest work of a kind has been waiting past its time."),
        Name.imbalances: .init("Accounts that hold something else than the payments say. Must be 0."),
        Name.ledgerChecked: .init("When the ledger was last added up, in Unix time."),
        Name.storage: .init("1 while the database answers."),
    ]
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : nanoseconds + attoseconds / 1_000_000_000
    }
}
