import Domain
import NIOConcurrencyHelpers

/// The wall clock without its jumps.
///
/// A lease, an expiry or the proof of an absence must not come about because somebody set the clock. Time goes on
/// from where it was at the pace of the machine's uptime, also over a restart of the program, and drifts towards the
/// wall clock by a tenth of that pace at the most: an hour's jump is caught up with in ten hours. Only when the
/// machine was started again, or somebody says so, is the wall clock taken over at once if it is ahead.
package final class SteadyTime: TimeSource {
    private struct Reading {
        var moment: Moment
        var uptime: Duration
        /// Uptime since the last drift, in milliseconds, of which a tenth may be drifted by.
        var allowance: Int64 = 0
    }

    private let machine: Machine
    private let last: NIOLockedValueBox<Reading>
    package let knownSince: Moment

    /// No clock that is right shows less: 2026-01-01, UTC. Time does not go on from a machine that did not know it yet.
    private static let earliest = Moment(seconds: 1_767_225_600)

    /// The clocks of a machine.
    package struct Machine: Sendable {
        /// Names the machine's life, from its start to its end.
        package let boot: String
        let wall: @Sendable () -> Moment
        /// Since its start: never goes back and is not set by anybody.
        let uptime: @Sendable () -> Duration
        /// Returns after a duration of uptime.
        let pause: @Sendable (Duration) async throws -> Void

        package init(
            boot: String,
            wall: @Sendable @escaping () -> Moment,
            uptime: @Sendable @escaping () -> Duration,
            pause: @Sendable @escaping (Duration) async throws -> Void
        ) {
            self.boot = boot
            self.wall = wall
            self.uptime = uptime
            self.pause = pause
        }
    }

    /// - Parameters:
    ///   - notBefore: where time had come to in a life before, so that it goes on from there on a clock set back.
    ///   - mark: the newest of that life; time goes on from it if it is of the same life of the machine.
    package init(on machine: Machine, notBefore: Moment?, mark: TimeMark? = nil) {
        self.machine = machine
        let (wall, uptime) = (machine.wall(), machine.uptime())
        if let mark, mark.moment >= Self.earliest, mark.boot == machine.boot, uptime.wholeMilliseconds >= mark.uptime {
            let steady = mark.moment.adding(.milliseconds(uptime.wholeMilliseconds - mark.uptime))
            last = NIOLockedValueBox(Reading(moment: max(steady, notBefore ?? steady), uptime: uptime))
            knownSince = mark.knownSince
        } else {
            let start = max(wall, notBefore ?? wall)
            last = NIOLockedValueBox(Reading(moment: start, uptime: uptime))
            knownSince = notBefore == nil ? Moment(milliseconds: .min) : start
        }
    }

    package var now: Moment { reading().moment }
    package var wall: Moment { machine.wall() }

    package var mark: TimeMark? {
        let reading = reading()
        return TimeMark(
            moment: reading.moment,
            boot: machine.boot,
            uptime: reading.uptime.wholeMilliseconds,
            knownSince: knownSince
        )
    }

    /// How far the wall clock is ahead.
    package var lag: Duration { machine.wall().since(now) }

    private func reading() -> Reading {
        let (wall, uptime) = (machine.wall(), machine.uptime())
        return last.withLockedValue { last in
            let passed = (uptime - last.uptime).wholeMilliseconds
            guard passed > 0 else { return last }
            let steady = last.moment.adding(.milliseconds(passed))
            let (drift, overflow) = wall.milliseconds.subtractingReportingOverflow(steady.milliseconds)
            last.allowance = min(last.allowance, 9) + passed
            let most = last.allowance / 10
            let step = overflow ? 0 : min(max(drift, -most), most)
            last.allowance -= most * 10
            // What is less than a millisecond stays for the next reading.
            last.uptime += .milliseconds(passed)
            last.moment = max(last.moment, steady.adding(.milliseconds(step)))
            return last
        }
    }

    package func sleep(for duration: Duration) async throws { try await machine.pause(duration) }
}

extension SteadyTime {
    /// How much of this time makes sure that as much true time has passed: it may run a tenth too fast.
    static func ensuring(_ duration: Duration) -> Duration { duration * 11 / 10 }

    /// How much true time may have passed in as much of this: it may run a tenth too slow.
    static func atMost(_ duration: Duration) -> Duration { duration * 10 / 9 }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : milliseconds + attoseconds / 1_000_000_000_000_000
    }
}
