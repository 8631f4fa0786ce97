import ConnectorKit
import Domain
import Engine
import Storage
import Testing

/// This time may run a tenth too fast or too slow, and nobody knows how long a machine was off.
@Suite struct TimeRulesTests {
    private let start = Moment(seconds: 1_767_323_045)
    private let capabilities = ConnectorCapabilities(
        certainty: .keyed,
        dispatchDelay: .zero,
        visibilityDelay: .seconds(3600),
        callTimeout: .seconds(100),
        pollInterval: .seconds(1),
        keyWindow: .seconds(86400)
    )

    private func attempt(endedAt: Moment?) -> Attempt {
        var attempt = Attempt(
            book: Book(1),
            refund: Refund.ID(1),
            number: 1,
            leg: .payer,
            connector: "scripted",
            processorKey: "rf1",
            leaseUntil: start.adding(.seconds(115)),
            fencing: 1,
            startedAt: start
        )
        attempt.endedAt = endedAt
        return attempt
    }

    @Test func `absence is believed once the delay has truly passed`() {
        let rules = HearingRules()
        let call = attempt(endedAt: start)
        #expect(!rules.isAbsenceProof(call, start.adding(.seconds(3600 + 300)), capabilities))
        #expect(rules.isAbsenceProof(call, start.adding(.seconds(3960 + 5)), capabilities))
    }

    @Test func `the delay is not counted across a start of the machine`() {
        let rules = HearingRules()
        let boot = start.adding(.seconds(86400))
        for endedAt in [start, nil] {
            let call = rules.end(attempt(endedAt: endedAt), boot)
            #expect(!rules.isAbsenceProof(call, boot.adding(.seconds(3600)), capabilities))
            #expect(rules.isAbsenceProof(call, boot.adding(.seconds(3965)), capabilities))
        }
    }

    @Test func `a key is used as long as it is surely remembered, and not at an unknown age`() {
        let rules = SendingRules()
        #expect(rules.resends(.inDoubt, capabilities, .seconds(77_000)))
        #expect(!rules.resends(.inDoubt, capabilities, .seconds(78_000)))
        #expect(!rules.resends(.inDoubt, capabilities, nil))
    }

    @Test func `a lease outlasts a call on a clock that runs too fast`() {
        let lease = SendingRules().lease(start, capabilities)
        #expect(lease >= start.adding(.seconds(115)))
    }
}
