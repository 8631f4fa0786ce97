import Domain
import Engine
import Testing

@Suite struct ScheduleTests {
    private let rules = DeliveryRules()

    private func delivery(_ id: UInt128, failures: Int64) -> Delivery {
        var delivery = Delivery(
            id: Identifier(id),
            book: Book(1),
            endpoint: Identifier(1),
            object: ObjectReference(.refund, 1),
            sequence: 1,
            type: "refund.created",
            createdAt: Moment(seconds: 0),
            state: .pending
        )
        delivery.failures = failures
        return delivery
    }

    @Test func `ten attempts are made over 75 hours and 35 minutes`() {
        #expect(rules.schedule.count == 10)
        let whole = rules.schedule.reduce(Duration.zero, +)
        let hours: Int64 = 75 * 3600
        #expect(whole == .seconds(hours + 2105))
    }

    @Test func `each wait is a tenth shorter to a tenth longer, and not the same for all`() throws {
        for failures in 1..<10 {
            let planned = rules.schedule[failures]
            var seen: Set<Duration> = []
            for id in 1...200 {
                let delivery = delivery(UInt128(id) << 64 | UInt128(id) &* 0x9E37, failures: Int64(failures))
                let wait = try #require(rules.wait(rules, delivery))
                #expect(wait >= planned * 9 / 10)
                #expect(wait <= planned * 11 / 10)
                #expect(rules.wait(rules, delivery) == wait, "it is the same for whoever asks again")
                seen.insert(wait)
            }
            #expect(seen.count > 50)
        }
    }

    @Test func `after the last it is given up`() {
        #expect(rules.wait(rules, delivery(1, failures: 9)) != nil)
        #expect(rules.wait(rules, delivery(1, failures: 10)) == nil)
    }

    @Test(
        arguments: [
            (200, nil, 0, nil), (200, 60, 0, nil), (500, nil, 0, nil), (503, 60, 0, 60), (429, nil, 0, 1),
            (429, nil, 3, 8),
            (429, nil, 60, 60), (502, nil, 1, 2), (504, nil, 1, 2), (429, 30, 0, 30), (429, 1, 5, 32),
            (429, 9_000_000, 0, 86_400), (410, nil, 0, nil), (301, nil, 0, nil),
        ] as [(Int64, Int64?, Int64, Int64?)]
    )
    func `an endpoint that says that it is overloaded is left alone`(
        _ status: Int64,
        _ asked: Int64?,
        _ throttles: Int64,
        _ seconds: Int64?
    ) {
        var answer = DeliveryAnswer(.refused, durationMilliseconds: 1)
        answer.status = status
        answer.retryAfter = asked.map { .seconds($0) }
        #expect(rules.hold(answer, throttles) == seconds.map { .seconds($0) })
    }
}
