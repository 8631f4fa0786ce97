import NIOConcurrencyHelpers

/// Carries asynchronous work to its end on the thread that asks for it, in the order in which it came: the same
/// input is the same run, every time.
package final class Turns: TaskExecutor {
    private let jobs = NIOLockedValueBox<[UnownedJob]>([])
    /// Whether there may be jobs: something can be left to another thread, such as the reading of a file.
    private let isAwake = ConditionLock(value: false)

    private final class Outcome<Value: Sendable>: Sendable {
        let result = NIOLockedValueBox<Result<Value, any Error>?>(nil)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLockedValue { $0.append(job) }
        isAwake.lock()
        isAwake.unlock(withValue: true)
    }

    package static func run<Value: Sendable>(_ body: @Sendable @escaping () async throws -> Value) throws -> Value {
        let turns = Turns()
        let outcome = Outcome<Value>()
        Task(executorPreference: turns) {
            do {
                let value = try await body()
                outcome.result.withLockedValue { $0 = .success(value) }
            } catch {
                outcome.result.withLockedValue { $0 = .failure(error) }
            }
        }
        while true {
            if let result = outcome.result.withLockedValue({ $0 }) { return try result.get() }
            if let job = turns.next {
                job.runSynchronously(on: turns.asUnownedTaskExecutor())
            } else {
                turns.isAwake.lock(whenValue: true)
                turns.isAwake.unlock(withValue: false)
            }
        }
    }

    private var next: UnownedJob? { jobs.withLockedValue { $0.isEmpty ? nil : $0.removeFirst() } }
}
