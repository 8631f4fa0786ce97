import DialectKit
import Domain

extension JSONValue {
    /// RFC 3339 in UTC, to the millisecond.
    static func time(_ moment: Moment) -> JSONValue { .string(Instant.millisecondText(moment)) }

    static func time(_ moment: Moment?) -> JSONValue { moment.map { time($0) } ?? .null }
}
