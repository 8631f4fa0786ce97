import ArgumentParser
import Domain
import Foundation

enum Instant {
    /// ISO 8601, in UTC.
    static func text(_ moment: Moment) -> String {
        Date(timeIntervalSince1970: TimeInterval(moment.seconds)).formatted(.iso8601)
    }

    /// - Throws: for a text that is no instant in ISO 8601.
    static func moment(_ text: String) throws -> Moment {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw ValidationError("\(text) is no instant such as 2026-01-02T03:04:05Z.")
        }
        return Moment(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
    }
}
