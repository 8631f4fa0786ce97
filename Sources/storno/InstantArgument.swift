import ArgumentParser
import Domain
import Server

extension Instant {
    /// - Throws: for a text that is no instant in ISO 8601.
    static func argument(_ text: String) throws -> Moment {
        guard let moment = moment(text) else {
            throw ValidationError("\(text) is no instant such as 2026-01-02T03:04:05Z.")
        }
        return moment
    }
}
