import Domain
import Storage

/// Looks at batches from outside, for figures: from the one task that carries them out, one batch after the other. Of
/// refusals it is told by whoever comes.
package protocol BatchWatcher: Sendable {
    /// A batch is about to be decided.
    ///
    /// - Parameters:
    ///   - commands: how many are in it.
    ///   - waiting: how many wait behind it.
    func batchBegins(commands: Int, waiting: Int)

    /// What the batch wrote is durable.
    func batchEnds(with news: BatchNews)

    /// Nothing of the batch was written, or nobody knows. Its commands may come again, one by one.
    func batchFails()

    /// So many commands were told that the server is busy, and nothing of them was decided.
    func refuses(commands: Int)
}

/// What a batch brought about.
package struct BatchNews: Sendable {
    /// How many events there were of each type.
    package var events: [String: Int] = [:]
    /// How many webhook messages ended in each way.
    package var deliveries: [String: Int] = [:]

    package init() {}

    init(of set: WorkingSet) {
        for event in set.events { events[event.type, default: 0] += 1 }
        for attempt in set.deliveryAttempts { deliveries[attempt.outcome.rawValue, default: 0] += 1 }
    }
}
