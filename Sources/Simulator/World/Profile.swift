/// How hostile a world is, drawn anew for each seed: each fault is absent, rare or frequent, so that no kind of
/// trouble hides behind another. Likelihoods are per mille, times are milliseconds.
struct Profile: Sendable {
    var nodes = 2
    var requests = 12
    /// How long faults go on.
    var duration: Int64 = 90_000
    var look: Int64 = 3_000
    var batch = 512
    var waiting = 4_096

    // The machine
    var crash = 0
    var stall = 0
    var longestStall: Int64 = 0
    var clockStep = 0
    var skew: Int64 = 0

    // The store
    var commit: ClosedRange<Int64> = 0...4
    var unavailable = 0
    var outcomeUnknown = 0
    var fatal = 0

    // The way to the processor and back
    var refusedConnection = 0
    var lostRequest = 0
    var lostReply = 0
    var serverError = 0
    var lateArrival = 0
    var failedInquiry = 0
    var slowness: ClosedRange<Int64> = 5...200

    // The processor
    var trouble = 0
    var falseHint = 0
    var lostNotification = 0
    var doubledNotification = 0

    // People
    var repeats = 0
    var changedBody = 0
    var doubleClick = 0
    var withdrawal = 0
    var outsideFacts = 0

    /// - Parameter chance: of the world.
    static func draw(_ chance: inout Chance) -> Profile {
        var profile = Profile()
        func level(_ rare: Int, _ frequent: Int) -> Int { chance.pick([0, rare, frequent]) }
        profile.nodes = chance.happens(650) ? 2 : 1
        profile.requests = Int(chance.number(in: 6...20))
        profile.duration = chance.pick([20_000, 60_000, 150_000])
        profile.look = chance.pick([700, 2_000, 5_000])
        profile.batch = chance.pick([1, 3, 512])
        profile.waiting = chance.pick([2, 4_096, 4_096])
        profile.crash = level(60, 350)
        profile.stall = level(60, 300)
        profile.longestStall = chance.pick([2_000, 20_000, 40_000])
        profile.clockStep = level(50, 200)
        profile.skew = chance.pick([0, 500, 2_000])
        profile.commit = chance.pick([0...2, 1...30, 20...400])
        profile.unavailable = level(10, 60)
        profile.outcomeUnknown = level(10, 60)
        profile.fatal = level(0, 5)
        profile.refusedConnection = level(50, 250)
        profile.lostRequest = level(50, 250)
        profile.lostReply = level(80, 400)
        profile.serverError = level(50, 250)
        profile.lateArrival = level(50, 250)
        profile.failedInquiry = level(80, 500)
        profile.slowness = chance.pick([1...20, 5...300, 200...4_000])
        profile.trouble = level(150, 600)
        profile.falseHint = level(50, 300)
        profile.lostNotification = level(200, 800)
        profile.doubledNotification = level(100, 500)
        profile.repeats = level(200, 600)
        profile.changedBody = level(50, 300)
        profile.doubleClick = level(100, 400)
        profile.outsideFacts = level(60, 300)
        profile.withdrawal = level(60, 300)
        return profile
    }

    /// The same world once the faults have stopped.
    var calmed: Profile {
        var calm = self
        calm.crash = 0
        calm.stall = 0
        calm.clockStep = 0
        calm.commit = 0...2
        calm.unavailable = 0
        calm.outcomeUnknown = 0
        calm.fatal = 0
        calm.refusedConnection = 0
        calm.lostRequest = 0
        calm.lostReply = 0
        calm.serverError = 0
        calm.lateArrival = 0
        calm.failedInquiry = 0
        calm.slowness = 5...50
        calm.falseHint = 0
        calm.lostNotification = 0
        calm.doubledNotification = 0
        return calm
    }
}
