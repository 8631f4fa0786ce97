import Domain
import Foundation

enum Instant {
    /// ISO 8601, in UTC.
    static func text(_ moment: Moment) -> String {
        Date(timeIntervalSince1970: TimeInterval(moment.seconds)).formatted(.iso8601)
    }
}
