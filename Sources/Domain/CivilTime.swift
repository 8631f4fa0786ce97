/// A date and a time of day in UTC, by the Gregorian calendar and integer arithmetic alone: nothing here can fail or
/// trap, and nothing asks the system.
package struct CivilTime: Hashable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    package let hour: Int64
    package let minute: Int64
    package let second: Int64

    /// Fractions of a second are cut off downwards.
    package init(_ moment: Moment) {
        let (dayNumber, secondOfDay) = floorDivision(moment.seconds, by: 86_400)
        let date = CivilTime.date(dayNumber)
        (year, month, day) = (date.year, date.month, date.day)
        (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    }

    /// - Parameter year: 0 to 9999.
    /// - Returns: `nil` for a day that its month does not have, and for a time that no day has.
    package init?(year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        guard CivilTime(moment) == self else { return nil }
    }

    package var moment: Moment {
        let days = CivilTime.dayNumber(year, month, day)
        return Moment(seconds: days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// Such as `2023-10-11T00:00:00`.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The same with three digits of milliseconds.
    func text(milliseconds: Int64) -> String {
        var bytes = bytes
        bytes.append(UInt8(ascii: "."))
        bytes.append(number: milliseconds, atLeast: 3)
        return String(decoding: bytes, as: UTF8.self)
    }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(number: abs(year), atLeast: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: month, atLeast: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: day, atLeast: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(number: hour, atLeast: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: minute, atLeast: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: second, atLeast: 2)
        return bytes
    }

    // Days are counted from 1 March of the year 0, so that leap days are the last of their year; an era is 400 years,
    // 146 097 days.

    /// - Parameter number: counted from 1 January 1970.
    private static func date(_ number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(number + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivision(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

private func floorDivision(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

extension [UInt8] {
    /// - Parameter number: not below zero.
    fileprivate mutating func append(number: Int64, atLeast count: Int) {
        var (divisor, digits) = (Int64(1), 1)
        while digits < count || number / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
