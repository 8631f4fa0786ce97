import Domain
import Logging
import NIOConcurrencyHelpers
import Storage

/// The only place that opens a write transaction: takes every command that is waiting, decides them in the
/// order of their arrival, writes all of it and commits once; then answers everybody.
package final class Execution: Sendable {
    private let store: any Store
    package let rules: Rules
    private let connectors: ConnectorDirectory
    private let time: any TimeSource
    private let logger: Logger
    let limits: Limits
    private let watcher: (any BatchWatcher)?
    private let queue: NIOLockedValueBox<Queue>
    /// Rings after each commit with events.
    let bell = CommitBell()

    package struct Limits: Sendable {
        /// How many commands share a transaction at the most; a batch of refunds counts as many.
        package var batch = 512
        /// How many may wait; one more is told to come again.
        package var waiting = 16_384
        /// How long one may wait until it is decided, or is told to come again; `nil` for as long as it takes.
        package var wait: Duration?

        package init() {}
    }

    private struct Queue {
        var waiting: [Submission] = []
        var sleeper: CheckedContinuation<Void, Never>?
        var ids: IdentifierSource
        var lastMoment: Moment
        var lastMark: TimeMark?
        var isClosed = false
    }

    /// - Parameter notBefore: no batch gets an earlier instant, whatever the clock says.
    package init(
        store: any Store,
        rules: Rules = Rules(),
        connectors: ConnectorDirectory,
        time: any TimeSource,
        ids: IdentifierSource,
        notBefore: Moment,
        limits: Limits = Limits(),
        watcher: (any BatchWatcher)? = nil,
        logger: Logger
    ) {
        self.store = store
        self.watcher = watcher
        self.rules = rules
        self.connectors = connectors
        self.time = time
        self.limits = limits
        self.logger = logger
        queue = NIOLockedValueBox(Queue(ids: ids, lastMoment: notBefore))
    }

    /// Queues a command and waits for its outcome, which is durable when this returns.
    package func perform<C: Command>(_ command: C) async throws(EngineFailure) -> C.Outcome {
        let result: Result<C.Outcome, EngineFailure> = await withCheckedContinuation { continuation in
            enqueue(Submission(command, at: time.now, continuation))
        }
        return try result.get()
    }

    /// Works until ``close()`` and until nothing waits any more.
    ///
    /// - Throws: `StoreFailure.fatal` when the medium failed: the process must not go on writing.
    package func run() async throws {
        while let batch = await nextBatch() {
            do {
                try await perform(batch)
                if store.wantsCheckpoint { try await checkpoint() }
            } catch .fatal(let reason) {
                logger.critical("storage failed; no more writes", metadata: ["reason": "\(reason)"])
                shut()
                throw StoreFailure.fatal(reason)
            }
        }
    }

    /// Lets what waits be done, then ends ``run()``. Commands that come later are told that the server is busy.
    package func close() {
        let sleeper = queue.withLockedValue { queue in
            queue.isClosed = true
            return queue.sleeper.take()
        }
        sleeper?.resume()
    }

    /// The instant that a batch would get now: work is due by this clock, which never goes back.
    package var moment: Moment { queue.withLockedValue { max(time.now, $0.lastMoment) } }

    package var waitingCount: Int { queue.withLockedValue { $0.waiting.count } }
}

// MARK: - The queue

extension Execution {
    private func enqueue(_ submission: Submission) {
        let (isAccepted, sleeper) = queue.withLockedValue { queue -> (Bool, CheckedContinuation<Void, Never>?) in
            guard !queue.isClosed, queue.waiting.count < limits.waiting else { return (false, nil) }
            queue.waiting.append(submission)
            return (true, queue.sleeper.take())
        }
        if !isAccepted { refuse([submission]) }
        sleeper?.resume()
    }

    private func refuse(_ submissions: [Submission]) {
        guard !submissions.isEmpty else { return }
        for submission in submissions { submission.fail(.busy) }
        watcher?.refuses(commands: submissions.count)
    }

    /// Tells those that have waited for too long that the server is busy, also while the disk keeps a batch: nothing of
    /// theirs was decided.
    func refuseLate() {
        guard let wait = limits.wait else { return }
        let now = time.now
        let late = queue.withLockedValue { queue in
            let late = queue.waiting.prefix { now.since($0.arrivedAt) > wait }
            queue.waiting.removeFirst(late.count)
            return Array(late)
        }
        refuse(late)
    }

    private func nextBatch() async -> [Submission]? {
        while true {
            refuseLate()
            let batch = queue.withLockedValue { queue -> [Submission]? in
                let count = queue.waiting.countOfFirst(weighing: limits.batch)
                let batch = Array(queue.waiting.prefix(count))
                queue.waiting.removeFirst(count)
                return batch.isEmpty && queue.isClosed ? nil : batch
            }
            guard let batch else { return nil }
            if !batch.isEmpty { return batch }
            await withCheckedContinuation { continuation in
                let mayGoOn = queue.withLockedValue { queue in
                    if !queue.waiting.isEmpty || queue.isClosed { return true }
                    queue.sleeper = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        }
    }

    private func shut() {
        let left = queue.withLockedValue { queue in
            queue.isClosed = true
            defer { queue.waiting = [] }
            return queue.waiting
        }
        for submission in left { submission.fail(.storageUnavailable) }
    }
}

// MARK: - One batch

extension Execution {
    private func perform(_ batch: [Submission]) async throws(StoreFailure) {
        do {
            for answer in try await watched(batch) { answer() }
        } catch .constraint(let reason) where batch.count > 1 {
            logger.error("a batch broke a rule; trying its commands one by one", metadata: ["reason": "\(reason)"])
            try await performEach(of: batch)
        } catch .damaged(let reason) where batch.count > 1 {
            logger.error("a batch met damage; trying its commands one by one", metadata: ["reason": "\(reason)"])
            try await performEach(of: batch)
        } catch .constraint(let reason) {
            logger.critical("a command broke a rule; nothing was written", metadata: ["reason": "\(reason)"])
            for submission in batch { submission.fail(.fault) }
        } catch .unavailable(let reason), .outcomeUnknown(let reason), .damaged(let reason) {
            logger.error("storage unavailable", metadata: ["reason": "\(reason)"])
            for submission in batch { submission.fail(.storageUnavailable) }
        } catch .fatal(let reason) {
            for submission in batch { submission.fail(.storageUnavailable) }
            throw .fatal(reason)
        }
    }

    private func performEach(of batch: [Submission]) async throws(StoreFailure) {
        for (index, submission) in batch.enumerated() {
            do {
                try await perform([submission])
            } catch {
                for left in batch[(index + 1)...] { left.fail(.storageUnavailable) }
                throw error
            }
        }
    }

    /// Where time has come to, when the last mark is so old that the drift since then would matter.
    private func nextMark() -> TimeMark? {
        guard let mark = time.mark else { return nil }
        return queue.withLockedValue { queue in
            let isRecent = queue.lastMark.map { mark.moment.since($0.moment) < .seconds(10) } ?? false
            guard !isRecent else { return nil }
            queue.lastMark = mark
            return mark
        }
    }

    /// Everybody has an answer by now: only what stops the process matters.
    private func checkpoint() async throws(StoreFailure) {
        do {
            try await store.checkpoint()
        } catch .fatal(let reason) {
            throw .fatal(reason)
        } catch {
            logger.error("a checkpoint failed; it will be tried again", metadata: ["reason": "\(error)"])
        }
    }

    private func watched(_ batch: [Submission]) async throws(StoreFailure) -> [@Sendable () -> Void] {
        guard let watcher else { return try await commit(batch).answers }
        watcher.batchBegins(commands: batch.count, waiting: waitingCount)
        do {
            let (answers, news) = try await commit(batch)
            watcher.batchEnds(with: news)
            return answers
        } catch {
            watcher.batchFails()
            throw error
        }
    }

    /// - Returns: what answers each caller, to be called now that the batch is durable; and what it brought about, if
    ///   anybody wants to know.
    private func commit(
        _ batch: [Submission]
    ) async throws(StoreFailure) -> (answers: [@Sendable () -> Void], news: BatchNews) {
        var footprint = Footprint()
        for submission in batch { footprint.formUnion(submission.footprint) }
        let context = queue.withLockedValue { queue in
            queue.lastMoment = max(time.now, queue.lastMoment)
            return DecisionContext(
                moment: queue.lastMoment,
                knownSince: time.knownSince,
                rules: rules,
                connectors: connectors,
                ids: queue.ids
            )
        }
        let mark = nextMark()
        let (answers, books, news) = try await store.transact(footprint) { [self] set in
            var context = context
            set.moment = context.truth
            set.mark = mark
            let answers = batch.map { submission in
                context.enter(submission.book, set)
                return submission.decide(&set, &context)
            }
            // Also when the commit fails: it may be there all the same, and no id is given twice.
            queue.withLockedValue { $0.ids = context.ids }
            for damage in set.damage {
                logger.critical("due work is left out; see `storno verify`", metadata: ["reason": "\(damage)"])
            }
            let books = bell.isHeard ? Set(set.events.map(\.book)) : []
            return (answers, books, watcher == nil ? BatchNews() : BatchNews(of: set))
        }
        bell.ring(books)
        return (answers, news)
    }
}

/// A command that waits, with its types put away.
private struct Submission: Sendable {
    let footprint: Footprint
    /// The test-mode book that it is about, which may have a time of its own.
    let book: Book?
    let weight: Int
    let arrivedAt: Moment
    /// Decides, applies the changes, and returns what answers the caller after the commit.
    let decide: @Sendable (inout WorkingSet, inout DecisionContext) -> @Sendable () -> Void
    let fail: @Sendable (EngineFailure) -> Void

    init<C: Command>(
        _ command: C,
        at moment: Moment,
        _ caller: CheckedContinuation<Result<C.Outcome, EngineFailure>, Never>
    ) {
        footprint = command.footprint
        let books = footprint.testBooks
        book = books.count == 1 ? books.first : nil
        weight = command.weight
        arrivedAt = moment
        let mayBeLate = book != nil || !footprint.due.isEmpty
        decide = { set, context in
            do throws(EngineFailure) {
                var decision = try command.decide(set, &context)
                precondition(mayBeLate || decision.isOfNoTestBook, "a footprint names the book whose time counts")
                if let applied = decision.applied.take() {
                    set = applied
                } else {
                    for change in decision.changes { set.apply(change) }
                }
                let outcome = decision.conclude(&set)
                return { caller.resume(returning: .success(outcome)) }
            } catch {
                return { caller.resume(returning: .failure(error)) }
            }
        }
        fail = { caller.resume(returning: .failure($0)) }
    }
}

extension [Submission] {
    /// How many from the first on weigh no more than that together; the first alone may weigh more.
    fileprivate func countOfFirst(weighing limit: Int) -> Int {
        var weight = 0
        let count = prefix { submission in
            weight += submission.weight
            return weight <= limit
        }
        .count
        return Swift.max(Swift.min(1, self.count), count)
    }
}
