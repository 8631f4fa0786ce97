import Domain
import Engine
import Logging
import MemoryStorage
import Storage

/// A machine on which Storno runs, dies and is started again.
final class Node: @unchecked Sendable {
    let number: Int
    private let world: World
    private let database: MemoryDatabase
    private let processors: [SimulatedProcessor]
    private let rules: Rules
    private(set) var process: Process?
    private(set) var engine: Engine?
    /// How often the machine itself was started.
    private var boots = 0
    private var skew: Int64

    init(
        number: Int,
        world: World,
        database: MemoryDatabase,
        processors: [SimulatedProcessor],
        rules: Rules
    ) {
        self.number = number
        self.world = world
        self.database = database
        self.processors = processors
        self.rules = rules
        skew = world.draw(in: -world.profile.skew...world.profile.skew)
    }

    /// The engine, while the node takes requests.
    var serving: (process: Process, engine: Engine)? {
        guard let process, let engine, process.isServing else { return nil }
        return (process, engine)
    }

    static let secrets = Secrets(bytes: Array(repeating: 7, count: 32))

    func start() {
        if world.happens(300) {
            boots += 1
            if boots > 1 { world.meet(.rebooted) }
        }
        let process = Process(number: number, world: world, skew: skew)
        self.process = process
        world.note("node \(number) starts")
        Task(executorPreference: process.lane) { await self.live(process) }
    }

    func crash() {
        guard let process, process.isAlive else { return }
        world.meet(.crash)
        if process.callsInFlight > 0 { world.meet(.crashInFlight) }
        world.note("node \(number) dies")
        process.die()
    }

    /// Moves its clock, as somebody might set it.
    func step(by milliseconds: Int64) {
        if milliseconds < 0 { world.meet(.clockWentBack) }
        skew += milliseconds
        process?.skew = skew
        world.note("node \(number) has its clock set by \(milliseconds)")
    }

    private func live(_ process: Process) async {
        let store = ProcessStore(database: database, process: process)
        let clock: SteadyTime
        let latest: Moment?
        do {
            latest = try await store.latestMoment()
            let boot = "\(number)-\(boots)"
            let mark = try await store.timeMark(of: boot)
            clock = process.time(notBefore: latest, mark: mark, boot: boot)
        } catch {
            return stop(process)
        }
        let engine = engine(process, store, clock, notBefore: latest)
        process.atEnd { engine.execution.close() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                do { try await engine.execution.run() } catch { self.stop(process) }
            }
            guard await self.recover(engine, process) else { return }
            self.engine = engine
            process.isServing = true
            for worker in engine.workers { group.addTask { await worker.run() } }
        }
    }

    /// A medium that failed ends the process, as the real one's end it.
    private func stop(_ process: Process) {
        if process.isAlive { world.note("node \(number) stops after a fatal error") }
        process.die()
    }

    private func recover(_ engine: Engine, _ process: Process) async -> Bool {
        do {
            while try await engine.perform(RecoverAttempts(limit: 3)) > 0 { world.meet(.recovered) }
            return process.isAlive
        } catch {
            stop(process)
            return false
        }
    }

    private func engine(
        _ process: Process,
        _ store: ProcessStore,
        _ clock: SteadyTime,
        notBefore: Moment?
    ) -> Engine {
        let connectors = processors.map { SimulatedConnector(processor: $0, process: process) }
        let directory = ConnectorDirectory(connectors, defaults: [.test: "north", .live: "south"])
        var limits = Execution.Limits()
        limits.batch = world.profile.batch
        limits.waiting = world.profile.waiting
        let logger = Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        let execution = Execution(
            store: store,
            rules: rules,
            connectors: directory,
            time: clock,
            ids: IdentifierSource(random: Chance(seed: world.scheduler.chance.next())),
            notBefore: notBefore ?? Moment(milliseconds: 0),
            limits: limits,
            logger: logger
        )
        return Engine(
            store: store,
            execution: execution,
            connectors: directory,
            directory: Directory(),
            secrets: Self.secrets,
            time: clock,
            look: .milliseconds(world.profile.look),
            logger: logger
        )
    }
}
