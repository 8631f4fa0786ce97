import Domain
import Storage

/// Takes a clock for one process, so that no other does what is due by it, or moves it on, while calls that this one
/// makes are under way.
package struct HoldClock: Command {
    package let book: Book
    /// `nil` for a process that has held none yet.
    package let holder: UInt128?

    /// Longer than any call takes. By the true time: a process that dies leaves the clock standing no longer than this.
    package static let lease = Duration.seconds(60)

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.clocks = [book]
        return footprint
    }

    /// - Returns: `nil` where another process holds it, or where there is nothing to hold.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<BookClock?> {
        guard var clock = set.clocks[book], clock.isSet else { return Decision([], nil) }
        let isOthers = clock.holder != nil && clock.holder != holder
        if isOthers, let end = clock.heldUntil, end > context.truth { return Decision([], nil) }
        let fresh: Refund.ID? = holder == nil ? context.newID() : nil
        clock.holder = holder ?? fresh?.raw
        clock.heldUntil = context.truth.adding(Self.lease)
        return Decision([.update(.bookClock(clock))], clock)
    }
}

/// Lets a clock go that a process held.
package struct LeaveClock: Command {
    package let book: Book
    package let holder: UInt128

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.clocks = [book]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard var clock = set.clocks[book], clock.holder == holder else { return Decision([], ()) }
        clock.holder = nil
        clock.heldUntil = nil
        return Decision([.update(.bookClock(clock))], ())
    }
}
