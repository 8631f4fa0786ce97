/// Times for people and their programs.
package enum Instant {
    /// ISO 8601, in UTC.
    package static func text(_ moment: Moment) -> String { CivilTime(moment).text + "Z" }

    /// The same, always to the millisecond.
    package static func millisecondText(_ moment: Moment) -> String {
        CivilTime(moment).text(milliseconds: moment.milliseconds - moment.seconds * 1000) + "Z"
    }

    /// The same with milliseconds where there are any, so that ``moment(_:)`` gives the same again.
    package static func exactText(_ moment: Moment) -> String {
        let milliseconds = moment.milliseconds - moment.seconds * 1000
        return milliseconds > 0 ? millisecondText(moment) : text(moment)
    }

    /// Date, `T`, time to the second or finer, and `Z` or the distance to UTC: `2026-01-02T03:04:05+01:00`.
    ///
    /// - Returns: `nil` for any other text, and for a day or an hour that there is not.
    package static func moment(_ text: String) -> Moment? {
        var rest = text.utf8[...]
        guard let year = number(&rest, 4), take("-", &rest), let month = number(&rest, 2), take("-", &rest),
            let day = number(&rest, 2), take("T", &rest), let hour = number(&rest, 2), take(":", &rest),
            let minute = number(&rest, 2), take(":", &rest), let second = number(&rest, 2),
            let milliseconds = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        guard let local = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else {
            return nil
        }
        let moment = Moment(milliseconds: local.moment.milliseconds + milliseconds - offset * 60_000)
        return (0...9999).contains(CivilTime(moment).year) ? moment : nil
    }

    /// Nothing, or a point and digits, of which the first three count.
    private static func fraction(_ rest: inout Substring.UTF8View.SubSequence) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        return Int64((String(Substring(digits)) + "00").prefix(3))
    }

    /// In minutes.
    private static func offset(_ rest: inout Substring.UTF8View.SubSequence) -> Int64? {
        if take("Z", &rest) { return 0 }
        let isEast = take("+", &rest)
        guard isEast || take("-", &rest), let hours = number(&rest, 2), hours < 24, take(":", &rest),
            let minutes = number(&rest, 2), minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isEast ? 1 : -1)
    }

    private static func number(_ rest: inout Substring.UTF8View.SubSequence, _ count: Int) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func take(_ character: Character, _ rest: inout Substring.UTF8View.SubSequence) -> Bool {
        guard let byte = rest.first, byte == character.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }
}
