import Domain
import Storage

/// Takes a clock that is on its way one step further, or lets it arrive, once nothing is due any more where it stands.
package struct StepClock: Command {
    package let book: Book
    package let from: Moment
    /// No later than where it is being moved to; the same as `from` once it is there.
    package let to: Moment
    /// Who holds it; `nil` where no other process can.
    package let holder: UInt128?

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.clocks = [book]
        return footprint
    }

    /// - Returns: `nil` where somebody else has moved it meanwhile.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<BookClock?> {
        guard var clock = set.clocks[book], let target = clock.advancingTo, clock.frozenAt == from,
            holder == nil || clock.holder == holder
        else { return Decision([], nil) }
        clock.step(to: min(to, target))
        if from == target { clock.arrive() }
        if holder != nil { clock.heldUntil = context.truth.adding(HoldClock.lease) }
        return Decision([.update(.bookClock(clock))], clock)
    }
}
