import Domain
import Storage

/// Stops the time of a test-mode book: where it is, or at a moment to come. A book in which nothing has happened yet may
/// begin at any.
package struct FreezeClock: ClockCommand {
    package let origin: Origin
    package let moment: Moment?

    /// - Parameter moment: `nil` for the present.
    package init(origin: Origin, at moment: Moment? = nil) {
        self.origin = origin
        self.moment = moment
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ClockReading> {
        var clock = try idleClock(set)
        let wanted = moment ?? context.moment
        let earliest = set.isUntouched(origin.book) ? ClockRange.start : context.moment
        guard wanted >= earliest else { throw .clockRefused(.beforePresent(earliest)) }
        guard wanted <= ClockRange.end else { throw .clockRefused(.tooFar(ClockRange.end)) }
        clock.freeze(at: wanted)
        return decision(clock, "frozen", set, context)
    }
}
