import Domain
import Storage

/// Lets the time of a test-mode book run again. It never goes back: where it stood ahead of the true time, it runs on from
/// there and stays ahead.
package struct ResumeClock: ClockCommand {
    package let origin: Origin

    package init(origin: Origin) {
        self.origin = origin
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ClockReading> {
        var clock = try idleClock(set)
        guard clock.frozenAt != nil else { return Decision([], ClockReading(clock, at: context.truth)) }
        clock.resume(context.truth)
        return decision(clock, "resumed", set, context)
    }
}
