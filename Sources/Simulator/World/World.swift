import Domain

/// One seeded run: its time, its luck, what happened in it, and what was found wrong.
final class World: @unchecked Sendable {
    let scheduler: Scheduler
    let trace: Trace
    var profile: Profile
    private(set) var situations: Set<Situation> = []
    private(set) var failure: Failure?

    /// When every world begins: 2026-01-02 03:04:05 UTC.
    static let beginning = Moment(seconds: 1_767_323_045)

    struct Failure: Sendable {
        /// The rule that was broken, in few words.
        let rule: String
        let detail: String
    }

    init(seed: UInt64, keptLines: Int) {
        scheduler = Scheduler(seed: seed)
        trace = Trace(kept: keptLines)
        profile = Profile.draw(&scheduler.chance)
    }

    var moment: Moment { World.beginning.adding(.milliseconds(scheduler.now)) }

    func happens(_ perMille: Int) -> Bool { perMille > 0 && scheduler.chance.happens(perMille) }

    /// Often the longest that is possible: that is where mistakes show.
    func lateness(upTo most: Int64) -> Int64 { happens(300) ? most : draw(in: 0...most) }

    func draw(in range: ClosedRange<Int64>) -> Int64 { scheduler.chance.number(in: range) }

    func note(_ line: @autoclosure () -> String) { trace.note(scheduler.now, line()) }

    /// Something rare came up.
    func meet(_ situation: Situation) { situations.insert(situation) }

    /// A promise was broken. The first one counts.
    func fail(_ rule: String, _ detail: @autoclosure () -> String) {
        guard failure == nil else { return }
        let failure = Failure(rule: rule, detail: detail())
        self.failure = failure
        note("BROKEN: \(rule): \(failure.detail)")
    }

    func expect(_ holds: Bool, _ rule: String, _ detail: @autoclosure () -> String) {
        if !holds { fail(rule, detail()) }
    }
}
