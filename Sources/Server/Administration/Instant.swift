import Domain
import Foundation

/// Times for people and their programs.
package enum Instant {
    /// ISO 8601, in UTC.
    package static func text(_ moment: Moment) -> String {
        Date(timeIntervalSince1970: TimeInterval(moment.seconds)).formatted(.iso8601)
    }
}
