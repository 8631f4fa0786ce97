import Domain
import Foundation

/// The machine's clock: the one place where it is read.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
