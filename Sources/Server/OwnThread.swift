import Dispatch

/// One thread for one task that waits for the disk, so that it does not stand in line with the requests for a thread, nor keeps
/// one of theirs from them.
final class OwnThread: TaskExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
