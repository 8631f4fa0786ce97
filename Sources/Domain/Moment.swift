/// An instant, in whole milliseconds since 1970 UTC.
package struct Moment: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        self.milliseconds = overflow ? (seconds < 0 ? .min : .max) : milliseconds
    }

    /// Whole Unix seconds, rounded down.
    package var seconds: Int64 {
        let quotient = milliseconds / 1000
        return milliseconds < 0 && milliseconds % 1000 != 0 ? quotient - 1 : quotient
    }

    /// The 48 bits that an id keeps: moments before 1970 or past the year 10889 are pressed to the ends.
    package var idMilliseconds: UInt64 {
        UInt64(min(max(milliseconds, 0), 1 << 48 - 1))
    }

    /// `duration` later; at the end of time it stands still rather than overflow.
    package func adding(_ duration: Duration) -> Moment {
        let (seconds, attoseconds) = duration.components
        let delta = seconds.multipliedReportingOverflow(by: 1000)
        let step = (delta.overflow ? (seconds < 0 ? .min : .max) : delta.partialValue)
            .addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        let sum = milliseconds.addingReportingOverflow(step.overflow ? .max : step.partialValue)
        return Moment(milliseconds: sum.overflow ? (step.partialValue < 0 ? .min : .max) : sum.partialValue)
    }

    /// The time that has passed since an earlier moment; below zero for a later one.
    package func since(_ earlier: Moment) -> Duration {
        let (passed, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? (milliseconds < 0 ? .min : .max) : passed)
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

/// Where the program's time comes from. Nothing below the composition reads a clock by itself.
package protocol TimeSource: Sendable {
    var now: Moment { get }
    /// Where time has come to, for a later process to go on from; `nil` where none could.
    var mark: TimeMark? { get }
    /// What the machine's clock shows, which somebody may set: for those outside who compare it with theirs.
    var wall: Moment { get }
    /// How long ago anything before this was nobody knows: the machine was off meanwhile, or its clock was set.
    var knownSince: Moment { get }
    /// Returns after `duration`, or throws when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

extension TimeSource {
    package var mark: TimeMark? { nil }
    package var wall: Moment { now }
    package var knownSince: Moment { Moment(milliseconds: .min) }
}

/// A moment, and what the clock of a machine's life said at it that nobody can set.
package struct TimeMark: Sendable, Equatable {
    package let moment: Moment
    /// Names the machine's life, from its start to its end.
    package let boot: String
    /// Since the machine's start, in milliseconds.
    package let uptime: Int64
    package let knownSince: Moment

    package init(moment: Moment, boot: String, uptime: Int64, knownSince: Moment) {
        self.moment = moment
        self.boot = boot
        self.uptime = uptime
        self.knownSince = knownSince
    }
}
