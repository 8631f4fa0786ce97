#if PostgreSQL
import Dispatch

/// Runs everything that one connection does on a thread that may wait, one thing after the other.
final class ConnectionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "storno.postgres")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
#endif
