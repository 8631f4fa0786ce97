import Domain
import TestSupport
import Testing

@Suite struct CivilTimeTests {
    @Test func `a time is the moment that it was made from`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<5000 {
            // The years 0 to 9999.
            let moment = Moment(seconds: Int64.random(in: -62_167_219_200...253_402_300_799, using: &random))
            let time = CivilTime(moment)
            #expect(time.moment == moment)
            let again = CivilTime(
                year: time.year,
                month: time.month,
                day: time.day,
                hour: time.hour,
                minute: time.minute,
                second: time.second
            )
            #expect(again == time)
        }
    }

    @Test(
        arguments: [
            (2026, 2, 29), (2026, 2, 30), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0),
            (2026, 1, 32), (-1, 1, 1), (10_000, 1, 1), (.max, .max, .max), (.min, .min, .min),
        ] as [(Int64, Int64, Int64)]
    )
    func `a day that the calendar does not have is none`(year: Int64, month: Int64, day: Int64) {
        #expect(CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0) == nil)
    }

    @Test(arguments: [(24, 0, 0), (-1, 0, 0), (0, 60, 0), (0, 0, 60), (.max, 0, 0)] as [(Int64, Int64, Int64)])
    func `a time that no day has is none`(hour: Int64, minute: Int64, second: Int64) {
        #expect(CivilTime(year: 2026, month: 1, day: 1, hour: hour, minute: minute, second: second) == nil)
    }

    @Test func `a leap day is a day`() {
        #expect(CivilTime(year: 2000, month: 2, day: 29, hour: 0, minute: 0, second: 0)?.moment.seconds == 951_782_400)
    }

    @Test func `years before the first are written with a sign`() {
        #expect(CivilTime(Moment(seconds: -62_167_219_201)).text == "-0001-12-31T23:59:59")
    }
}
