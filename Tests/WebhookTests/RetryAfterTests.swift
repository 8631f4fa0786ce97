import Domain
import Testing

@testable import Webhooks

@Suite struct RetryAfterTests {
    private let now = Moment(seconds: 784_111_777)

    @Test(
        arguments: [
            ("0", Duration.zero), ("120", .seconds(120)), ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil), ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil),
            ("9999999999", nil), ("Sun, 06 Nox 1994 08:50:37 GMT", nil), ("Sun, 06 Nov 1994 08:50:37 CET", nil),
        ] as [(String, Duration?)]
    )
    func `what a receiver asks for is read as it is written`(_ text: String, _ wait: Duration?) {
        #expect(RetryAfter.read(text, now: now) == wait)
    }
}
