import Domain
import Engine
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

extension Process {
    /// Time as the process has it from its machine's clocks, which somebody may set.
    ///
    /// - Parameter boot: the machine's life.
    func time(notBefore: Moment?, mark: TimeMark?, boot: String) -> SteadyTime {
        let machine = SteadyTime.Machine(
            boot: boot,
            wall: { self.world.moment.adding(.milliseconds(self.skew)) },
            uptime: { .milliseconds(self.world.scheduler.now) },
            pause: { duration in
                let (seconds, attoseconds) = duration.components
                await self.world.scheduler.sleep(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
                guard self.isAlive else { throw CancellationError() }
            }
        )
        return SteadyTime(on: machine, notBefore: notBefore, mark: mark)
    }
}
