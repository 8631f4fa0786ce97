import Dispatch

/// A thread at a time for one task that waits for the disk, never one of the requests': it does not stand in line with them, nor
/// keeps one of theirs from them. Which thread that is, the system chooses.
final class OwnThread: TaskExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
