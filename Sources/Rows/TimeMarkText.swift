import Domain

/// A mark of time in one line: moment, uptime and the moment since which time is known, in milliseconds, and the
/// machine's life.
package enum TimeMarkText {
    package static func text(_ mark: TimeMark) -> String {
        "\(mark.moment.milliseconds) \(mark.uptime) \(mark.knownSince.milliseconds) \(mark.boot)"
    }

    /// - Returns: `nil` for a line of another form: time is then taken from elsewhere.
    package static func mark(_ text: String) -> TimeMark? {
        let parts = text.split(separator: " ", maxSplits: 3)
        guard parts.count == 4, let moment = Int64(parts[0]), let uptime = Int64(parts[1]), let known = Int64(parts[2])
        else { return nil }
        return TimeMark(
            moment: Moment(milliseconds: moment),
            boot: String(parts[3]),
            uptime: uptime,
            knownSince: Moment(milliseconds: known)
        )
    }
}
