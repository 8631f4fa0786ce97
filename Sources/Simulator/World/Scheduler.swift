#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One thread on which everything happens, in an order that the seed alone decides, and a time that passes only
/// when nothing is left to do.
final class Scheduler: @unchecked Sendable {
    /// Milliseconds since the world began.
    private(set) var now: Int64 = 0
    private(set) var steps = 0
    var chance: Chance
    private var ready: [(job: UnownedJob, lane: Lane)] = []
    private var timers = TimerHeap()
    private let thread = pthread_self()

    init(seed: UInt64) {
        chance = Chance(seed: seed)
    }

    func enqueue(_ job: UnownedJob, on lane: Lane) {
        precondition(pthread_equal(pthread_self(), thread) != 0, "a job came from outside the simulation")
        ready.append((job, lane))
    }

    /// Does something after `milliseconds`.
    func after(_ milliseconds: Int64, _ action: @escaping () -> Void) {
        timers.push(at: now + max(0, milliseconds), action)
    }

    func sleep(_ milliseconds: Int64) async {
        await withUnsafeContinuation { continuation in
            after(milliseconds) { continuation.resume() }
        }
    }

    /// Goes on until `isOver`, until time would pass `limit`, or until nothing will ever happen again.
    func run(until limit: Int64, isOver: () -> Bool) {
        while !isOver() {
            if !ready.isEmpty {
                let (job, lane) = ready.remove(at: chance.index(ready.count))
                steps += 1
                if !lane.holds(job) { job.runSynchronously(on: lane.asUnownedTaskExecutor()) }
            } else if let next = timers.first, next <= limit {
                now = next
                timers.pop()()
            } else {
                now = max(now, min(limit, timers.first ?? limit))
                return
            }
        }
    }
}

/// What a process runs on. It can be held up as a whole, as a paused machine is.
final class Lane: TaskExecutor, @unchecked Sendable {
    private let scheduler: Scheduler
    private var held: [UnownedJob] = []
    private(set) var isHeldUp = false

    init(_ scheduler: Scheduler) {
        self.scheduler = scheduler
    }

    func enqueue(_ job: consuming ExecutorJob) {
        scheduler.enqueue(UnownedJob(job), on: self)
    }

    /// - Returns: whether the job has to wait until the lane goes on.
    func holds(_ job: UnownedJob) -> Bool {
        guard isHeldUp else { return false }
        held.append(job)
        return true
    }

    func holdUp(for milliseconds: Int64) {
        guard !isHeldUp else { return }
        isHeldUp = true
        scheduler.after(milliseconds) { self.goOn() }
    }

    private func goOn() {
        isHeldUp = false
        for job in held { scheduler.enqueue(job, on: self) }
        held = []
    }
}

/// Actions by time, and those of one time in the order in which they were asked for.
private struct TimerHeap {
    private var heap: [(at: Int64, number: Int, action: () -> Void)] = []
    private var count = 0

    var first: Int64? { heap.first?.at }

    mutating func push(at time: Int64, _ action: @escaping () -> Void) {
        count += 1
        heap.append((time, count, action))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> () -> Void {
        heap.swapAt(0, heap.count - 1)
        let action = heap.removeLast().action
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < heap.count && isBefore(child, least) {
                least = child
            }
            if least == parent { return action }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (heap[left].at, heap[left].number) < (heap[right].at, heap[right].number)
    }
}
