import Domain
import Foundation

/// Times for people and their programs.
package enum Instant {
    /// ISO 8601, in UTC.
    package static func text(_ moment: Moment) -> String {
        Date(timeIntervalSince1970: TimeInterval(moment.seconds)).formatted(.iso8601)
    }

    /// - Returns: `nil` for a text that is no instant in ISO 8601.
    package static func moment(_ text: String) -> Moment? {
        (try? Date(text, strategy: .iso8601))
            .map { Moment(seconds: Int64($0.timeIntervalSince1970.rounded(.down))) }
    }
}
