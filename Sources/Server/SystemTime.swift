import Domain

/// The machine's clock: the one place where it is read.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Moment {
        let time = ContinuousWallClock.milliseconds()
        return Moment(milliseconds: time)
    }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

private enum ContinuousWallClock {
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
