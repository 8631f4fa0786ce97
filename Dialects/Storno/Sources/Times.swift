import DialectKit
import Domain

extension JSONValue {
    /// RFC 3339 in UTC, to the millisecond.
    static func time(_ moment: Moment) -> JSONValue {
        let milliseconds = String(moment.milliseconds - moment.seconds * 1000)
        let padding = String(repeating: "0", count: 3 - milliseconds.utf8.count)
        return .string("\(CivilTime(moment).text).\(padding)\(milliseconds)Z")
    }

    static func time(_ moment: Moment?) -> JSONValue { moment.map { time($0) } ?? .null }
}
