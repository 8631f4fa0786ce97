import Domain
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("2026-01-02T03:04:05Z", 1_767_323_045_000), ("2026-01-02T05:04:05+02:00", 1_767_323_045_000),
            ("2026-01-01T22:34:05-04:30", 1_767_323_045_000), ("2026-01-02T03:04:05.6Z", 1_767_323_045_600),
            ("2026-01-02T03:04:05.678999Z", 1_767_323_045_678), ("1970-01-01T00:00:00Z", 0),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] as [(String, Int64)]
    )
    func `an instant is read to the millisecond`(text: String, milliseconds: Int64) {
        #expect(Instant.moment(text) == Moment(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "now", "2026-01-02", "2026-01-02T03:04Z", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z",
        "2026-02-30T00:00:00Z", "2026-01-02T25:00:00Z", "2026-01-02T03:04:60Z", "2026-1-2T3:4:5Z",
        "2026-01-02T03:04:05Zjunk", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+02", "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05+0200", "12026-01-02T03:04:05Z", "-001-01-01T00:00:00Z", "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "２０２６-01-02T03:04:05Z",
    ])
    func `what is no instant, or no day of any calendar, is none`(text: String) {
        #expect(Instant.moment(text) == nil)
    }

    @Test func `the far ends of time are written and do not trap`() {
        #expect(Instant.text(Moment(milliseconds: .max)) == "292278994-08-17T07:12:55Z")
        #expect(Instant.text(Moment(milliseconds: .min)) == "-292275055-05-16T16:47:04Z")
        #expect(Instant.text(Moment(seconds: 1_767_323_045)) == "2026-01-02T03:04:05Z")
    }
}
