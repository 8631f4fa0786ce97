import Domain
import Storage

/// One life of one node, from its start to its death. Whatever of it is still running afterwards reaches nothing.
final class Process: @unchecked Sendable {
    let number: Int
    let lane: Lane
    let world: World
    private(set) var isAlive = true
    /// Whether it takes requests.
    var isServing = false
    /// How far its clock is from the world's, in milliseconds.
    var skew: Int64
    var callsInFlight = 0
    private var endings: [() -> Void] = []

    static let death = StoreFailure.fatal("the process is dead")

    init(number: Int, world: World, skew: Int64) {
        self.number = number
        self.world = world
        self.skew = skew
        lane = Lane(world.scheduler)
    }

    func atEnd(_ ending: @escaping () -> Void) { endings.append(ending) }

    func die() {
        guard isAlive else { return }
        isAlive = false
        isServing = false
        for ending in endings { ending() }
        endings = []
    }
}

/// The world's time as one process sees it.
struct ProcessClock: TimeSource {
    let process: Process

    var now: Moment { process.world.moment.adding(.milliseconds(process.skew)) }

    func sleep(for duration: Duration) async throws {
        let (seconds, attoseconds) = duration.components
        await process.world.scheduler.sleep(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        guard process.isAlive else { throw CancellationError() }
    }
}
