import Domain
import Foundation
import TestSupport
import Testing

@testable import CariDialect

struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00"), (-1, "1969-12-31T23:59:59"), (1_697_040_000, "2023-10-11T16:00:00"),
            (951_782_399, "2000-02-28T23:59:59"), (951_782_400, "2000-02-29T00:00:00"),
            (951_868_800, "2000-03-01T00:00:00"), (4_107_542_399, "2100-02-28T23:59:59"),
            (4_107_542_400, "2100-03-01T00:00:00"), (1_709_251_199, "2024-02-29T23:59:59"),
            (1_767_225_599, "2025-12-31T23:59:59"), (253_402_300_799, "9999-12-31T23:59:59"),
            (-62_135_596_800, "0001-01-01T00:00:00"),
        ] as [(Int64, String)]
    )
    func `an instant is written in UTC without zone`(seconds: Int64, text: String) {
        #expect(Timestamp.text(Moment(seconds: seconds)) == text)
    }

    @Test func `fractions are cut off downwards`() {
        #expect(Timestamp.text(Moment(milliseconds: 1999)) == "1970-01-01T00:00:01")
        #expect(Timestamp.text(Moment(milliseconds: -1)) == "1969-12-31T23:59:59")
    }

    @Test func `the far ends of time do not trap`() {
        #expect(Timestamp.text(Moment(milliseconds: .max)) == "292278994-08-17T07:12:55")
        #expect(Timestamp.text(Moment(milliseconds: .min)) == "-292275055-05-16T16:47:04")
    }

    @Test func `it agrees with the system's calendar on days at random`() throws {
        var random = SeededRandom(seed: 3)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for _ in 0..<5000 {
            let seconds = Int64.random(in: -2_000_000_000...100_000_000_000, using: &random)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: TimeInterval(seconds))
            )
            let numbers = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].map { $0 ?? -1 }
            let written = Timestamp.text(Moment(seconds: seconds)).split { "-T:".contains($0) }.map { Int($0) ?? -2 }
            #expect(written == numbers, "\(seconds)")
        }
    }
}
