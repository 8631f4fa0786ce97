import Domain

/// Cari's way to write an instant: `2023-10-11T00:00:00`, in UTC, without zone and fraction.
enum Timestamp {
    /// By integer arithmetic alone: lists write three of these for every object.
    static func text(_ moment: Moment) -> String {
        let (day, second) = floorDivision(moment.seconds, by: 86_400)
        let date = civilDate(day)
        let pairs = [date.month, date.day, second / 3600, second / 60 % 60, second % 60]
        var text = digits(date.year, atLeast: 4)
        for (separator, number) in zip(["-", "-", "T", ":", ":"], pairs) {
            text += separator + digits(number, atLeast: 2)
        }
        return text
    }

    /// The Gregorian date of a day counted from 1 January 1970.
    ///
    /// Days are counted from 1 March of the year 0, so that leap days are the last of their year; an era is 400
    /// years, 146 097 days.
    private static func civilDate(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(day + 719_468, by: 146_097)
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

    private static func floorDivision(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func digits(_ number: Int64, atLeast count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}
