import Domain
import Storage

/// Why a clock was not set.
package enum ClockRefusal: Error, Equatable, Sendable {
    /// Live money moves by the true time.
    case liveMode
    /// A book's time never goes back; it is now what is said here.
    case beforePresent(Moment)
    /// Further than a clock can be set, which is to here.
    case tooFar(Moment)
    /// It is being moved to there.
    case underWay(to: Moment)
}

/// What a clock shows.
package struct ClockReading: Sendable, Equatable, AboutObject {
    package let clock: BookClock
    package let moment: Moment

    package var subject: AnswerSubject { AnswerSubject(kind: "test_clock", id: UInt128(clock.book.number)) }

    package init(_ clock: BookClock, at truth: Moment) {
        self.clock = clock
        moment = clock.moment(truth)
    }
}

/// How far a clock can be set: what is counted from there on stays within what every API can write.
package enum ClockRange {
    /// 2200-01-01, UTC.
    package static let end = Moment(seconds: 7_258_118_400)
    /// 2000-01-01, UTC: where a book in which nothing has happened may begin.
    package static let start = Moment(seconds: 946_684_800)
}

/// A command that sets the clock of one book.
protocol ClockCommand: Command where Outcome == ClockReading {
    var origin: Origin { get }
}

extension ClockCommand {
    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.clocks = [origin.book]
        return footprint
    }

    /// The clock as it is, which nobody is moving.
    func idleClock(_ set: WorkingSet) throws(EngineFailure) -> BookClock {
        guard Account.mode(of: origin.book) == .test else { throw .clockRefused(.liveMode) }
        let clock = set.clocks[origin.book] ?? BookClock(book: origin.book)
        if let target = clock.advancingTo { throw .clockRefused(.underWay(to: target)) }
        return clock
    }

    /// Writes a clock that was changed, and who changed it.
    func decision(
        _ clock: BookClock,
        _ action: String,
        _ set: WorkingSet,
        _ context: DecisionContext
    ) -> Decision<ClockReading> {
        let reading = ClockReading(clock, at: context.truth)
        guard set.clocks[clock.book] != clock else { return Decision([], reading) }
        let row = WorkingRow.bookClock(clock)
        let act = origin.author.act(
            "test_clock.\(action)",
            in: clock.book,
            "test_clock",
            String(clock.book.number),
            [
                ("moment", .text(Instant.text(reading.moment))),
                ("advancing_to", clock.advancingTo.map { .text(Instant.text($0)) }),
            ],
            context
        )
        return Decision([set.clocks[clock.book] == nil ? .insert(row) : .update(row), act], reading)
    }
}
