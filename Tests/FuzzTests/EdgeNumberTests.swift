import Fuzzing
import Server
import Testing

/// Numbers at the edges of what can be counted, wherever an API takes one. None may trap, which would end the server.
@Suite struct EdgeNumberTests {
    /// A request with `#` where the number goes.
    struct Place: Sendable, CustomTestStringConvertible {
        let dialect: String
        let text: String

        init(_ dialect: String, _ text: String) {
            self.dialect = dialect
            self.text = text
        }

        var testDescription: String { "\(dialect): \(text.split(separator: "\n")[0])" }

        func request(_ number: String) -> RequestText {
            Speaker(dialect).saying(RequestText(text.replacing("#", with: number)))
        }
    }

    private static let pot = "d4748db4-7863-4fa0-9a77-3cd329d5e652"
    private static let payment = "999fe8d5-1615-414b-83fc-2740b3c4a899"
    private static let customer = "117b2b86-4b21-4a67-8592-c267a7ba7997"

    private static let amounts = [
        Place("cari", "POST /charges\n\n" + #"{"amount":#,"currency":"usd","provider":"bank"}"#),
        Place("cari", "PUT /charges/charge_id_1\n\n" + #"{"amount":#}"#),
        Place("cari", "POST /refunds\n\n" + #"{"charge":"charge_id_1","amount":#}"#),
        Place("cari", "PUT /refunds/re_queued\n\n" + #"{"status":"canceled","amount":#}"#),
        Place("collctiv", "POST /v1/refunds\n\n" + #"{"amount":#,"payment":"\#(payment)","reason":{"code":"c"}}"#),
        Place(
            "collctiv",
            "POST /v1/payments\n\n"
                + #"{"amount":#,"pot":"\#(pot)","billing_details":{"name":"N","email":"n@example.com"}}"#
        ),
        Place(
            "collctiv",
            "POST /v1/pots\n\n"
                + #"{"name":"A","currency":"GBP","customer":"\#(customer)","requested_amount":{"amount":#}}"#
        ),
        Place("stancer", "POST /v1/refunds\n\n" + #"{"payment":"paym_sS1sXwDuaqGTjuQ7DY4BBNaI","amount":#}"#),
        Place("stancer", "POST /v1/checkout\n\n" + #"{"amount":#,"currency":"eur"}"#),
        Place("stancer", "PATCH /v1/checkout/paym_held\n\n" + #"{"amount":#}"#),
    ]

    @Test(arguments: amounts)
    func `what is no amount is refused`(place: Place) throws {
        let wrong = [
            "0", "-0", "-1", "1.0", "100.0", "1e2", "1E+2", "1000000000001", "9007199254740993", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
            String(repeating: "9", count: 400), "1e400", "-1e400", #""100""#, #""""#, "null", "true", "[]", "[100]",
            "{}",
            #"{"amount":100}"#,
        ]
        for number in wrong {
            let request = place.request(number)
            let answer = try World.run { try await $0.ask(request) }
            #expect(answer.status == 400, "\(number): \(answer.status)")
            try AnswerRules.check(answer, to: request)
        }
    }

    /// Each with its bounds.
    private static let integers: [(Place, low: Int64, high: Int64)] = [
        (Place("stancer", "POST /v1/cards\n\n" + card(month: "#")), 1, 12),
        (Place("stancer", "POST /v1/cards\n\n" + card(year: "#")), 2000, 9999),
        (Place("stancer", "PATCH /v1/cards/card_1\n\n" + #"{"exp_year":#}"#), 2000, 9999),
        (Place("stancer", "POST /v1/checkout\n\n" + #"{"amount":100,"currency":"eur","device":{"port":#}}"#), 1, 65535),
    ]

    private static func card(month: String = "12", year: String = "2031") -> String {
        #"{"number":"5555555555554444","exp_month":\#(month),"exp_year":\#(year)}"#
    }

    @Test(arguments: integers.indices)
    func `an integer in a body stays in its bounds`(index: Int) throws {
        let (place, low, high) = Self.integers[index]
        for number in [low, high] {
            let answer = try World.run { try await $0.ask(place.request("\(number)")) }
            #expect(answer.status == 200, "\(number): \(answer.status)")
        }
        let wrong = [
            "\(low - 1)", "\(high + 1)", "\(low).0", "\(low)e0", #""\#(low)""#, "-1", "9223372036854775807",
            "9223372036854775808", "-9223372036854775809", "1e400", "true", "[]",
        ]
        for number in wrong {
            let request = place.request(number)
            let answer = try World.run { try await $0.ask(request) }
            #expect(answer.status == 400, "\(number): \(answer.status)")
            try AnswerRules.check(answer, to: request)
        }
    }

    private static let queries = [
        Place("cari", "GET /charges?page=#"), Place("cari", "GET /refunds?items_per_page=#"),
        Place("collctiv", "GET /v1/payments?limit=#"), Place("collctiv", "GET /v1/refunds?page=#"),
        Place("stancer", "GET /v1/checkout?limit=#"), Place("stancer", "GET /v1/refunds?start=#"),
        Place("stancer", "GET /v1/disputes?created=#"),
    ]

    @Test(arguments: queries)
    func `what is no number in a query is refused`(place: Place) throws {
        let wrong = [
            "", "-1", "+1", "01", "1.0", "1e2", "9223372036854775808", "18446744073709551616", "%20" + "1", "1%00", "x",
            "%EF%BC%91", String(repeating: "9", count: 400),
        ]
        for number in wrong {
            let request = place.request(number)
            let answer = try World.run { try await $0.ask(request) }
            #expect(answer.status == 400, "\(number): \(answer.status)")
            try AnswerRules.check(answer, to: request)
        }
    }

    @Test func `the latest time that can be counted is the end of every list`() throws {
        let request = Speaker("stancer").saying(RequestText("GET /v1/checkout?created=\(Int64.max)"))
        let answer = try World.run { try await $0.ask(request) }
        #expect(answer.status == 200)
        try AnswerRules.check(answer, to: request)
    }
}
