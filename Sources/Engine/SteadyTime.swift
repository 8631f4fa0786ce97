import Domain
import Synchronization

/// The wall clock without its jumps.
///
/// A lease, an expiry or the proof of an absence must not come about because somebody set the clock. Time goes on
/// from where it was at the pace of the machine's uptime, and drifts towards the wall clock by a tenth of that pace
/// at the most: an hour's jump is caught up with in ten hours, or at the next start.
package final class SteadyTime: TimeSource {
    private struct Reading {
        var moment: Moment
        var uptime: Duration
        /// Uptime since the last drift, in milliseconds, of which a tenth may be drifted by.
        var allowance: Int64 = 0
    }

    private let wall: @Sendable () -> Moment
    private let uptime: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void
    private let last: Mutex<Reading>

    /// - Parameters:
    ///   - notBefore: where time had come to in a life before, so that it goes on from there on a clock set back.
    ///   - uptime: never goes back and is not set by anybody.
    ///   - pause: returns after a duration of uptime.
    package init(
        notBefore: Moment?,
        wall: @Sendable @escaping () -> Moment,
        uptime: @Sendable @escaping () -> Duration,
        pause: @Sendable @escaping (Duration) async throws -> Void
    ) {
        self.wall = wall
        self.uptime = uptime
        self.pause = pause
        let now = wall()
        last = Mutex(Reading(moment: max(now, notBefore ?? now), uptime: uptime()))
    }

    package var now: Moment {
        let (wall, uptime) = (wall(), uptime())
        return last.withLock { last in
            let passed = (uptime - last.uptime).wholeMilliseconds
            guard passed > 0 else { return last.moment }
            let steady = last.moment.adding(.milliseconds(passed))
            let (drift, overflow) = wall.milliseconds.subtractingReportingOverflow(steady.milliseconds)
            last.allowance = min(last.allowance, 9) + passed
            let most = last.allowance / 10
            let step = overflow ? 0 : min(max(drift, -most), most)
            last.allowance -= most * 10
            // What is less than a millisecond stays for the next reading.
            last.uptime += .milliseconds(passed)
            last.moment = max(last.moment, steady.adding(.milliseconds(step)))
            return last.moment
        }
    }

    package func sleep(for duration: Duration) async throws { try await pause(duration) }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : milliseconds + attoseconds / 1_000_000_000_000_000
    }
}
