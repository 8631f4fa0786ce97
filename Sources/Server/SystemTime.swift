import Domain
import Engine
import Foundation

extension SteadyTime {
    /// Time from the machine's clocks: the one place where they are read.
    package static func system(notBefore: Moment?) -> SteadyTime {
        let start = ContinuousClock.now
        return SteadyTime(
            notBefore: notBefore,
            wall: { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
            uptime: { ContinuousClock.now - start },
            pause: { try await Task.sleep(for: $0, clock: .continuous) }
        )
    }
}
