import Domain
import Storage

/// Sets the time of a test-mode book out for a later moment. It stands from now on, and is moved there step by step, so
/// that everything due on the way happens at its own time (`Engine.drive`).
package struct AdvanceClock: ClockCommand {
    package enum Distance: Sendable, Equatable {
        /// Not negative.
        case by(seconds: Int64)
        case to(Moment)
    }

    package let origin: Origin
    package let distance: Distance

    package init(origin: Origin, _ distance: Distance) {
        self.origin = origin
        self.distance = distance
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ClockReading> {
        var clock = try idleClock(set)
        let target =
            switch distance {
            case .by(let seconds): context.moment.adding(.seconds(seconds))
            case .to(let moment): moment
            }
        guard target >= context.moment else { throw .clockRefused(.beforePresent(context.moment)) }
        guard target <= ClockRange.end else { throw .clockRefused(.tooFar(ClockRange.end)) }
        if clock.frozenAt == nil { clock.freeze(at: context.moment) }
        clock.advance(to: target)
        return decision(clock, "advanced", set, context)
    }
}
