import Domain
import Engine
import Logging
import NIOConcurrencyHelpers
import Outbound
import Storage

/// Tells endpoints of events: turns what happened into deliveries, and sends those that are due.
///
/// Each endpoint has its own places and its own loop, so that one that hangs takes up its own places alone. Everything is
/// done from rows: any number of these may be at work, on any number of nodes, and any of them may be gone at any moment.
package struct Deliverer: Sendable {
    let engine: Engine
    private let sender: DeliverySender
    private let caller: any HTTPCaller
    private let logger: Logger
    private let lanes = Lanes()
    private let stopping = NIOLockedValueBox(false)

    package init(
        engine: Engine,
        renderer: any EventRenderer,
        targets: TargetGuard,
        caller: any HTTPCaller,
        logger: Logger
    ) {
        self.engine = engine
        self.caller = caller
        self.logger = logger
        sender = DeliverySender(engine: engine, renderer: renderer, targets: targets, caller: caller)
    }

    /// How many events become deliveries in one transaction.
    private static let stretch = 200
    /// How long an endpoint whose calls are under way is left before it is looked at again.
    private static let pause = Duration.milliseconds(100)
    /// How many endpoints come forward at a time.
    private static let together = 64

    /// Begins no more calls, and lets ``run()`` end once those that are under way have.
    package func stop() { stopping.withLockedValue { $0 = true } }

    private var mayGoOn: Bool { !Task.isCancelled && !stopping.withLockedValue { $0 } }

    /// Works until it is told to stop, or until the task is cancelled: then calls that are under way are given up.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while mayGoOn {
                var isBehind = false
                do throws(EngineFailure) {
                    let work = try await workByTrueTime()
                    isBehind = try await fanOut(work)
                    let moment = engine.execution.moment
                    for item in isBehind ? try await workByTrueTime() : work
                    where item.isDue(at: moment) && lanes.take(item.name) {
                        group.addTask {
                            await send(to: item.name)
                            lanes.giveBack(item.name)
                        }
                    }
                } catch {
                    complain(error)
                }
                if isBehind { continue }
                guard await engine.waitForNews(atMost: engine.look) else { break }
            }
        }
        await caller.close()
    }

    /// Does what is due now and returns when it is done: for tests, which have no time to wait.
    ///
    /// - Returns: how many deliveries were sent.
    package func work() async throws(EngineFailure) -> Int {
        while try await fanOut(try await workByTrueTime()) {}
        var sent = 0
        for item in try await workByTrueTime() where item.isDue(at: engine.execution.moment) {
            let claims = try await claim(item.name, 64)
            for claim in claims { await handle(claim) }
            sent += claims.count
        }
        return sent
    }

    /// Books with a time of their own are served by whoever moves it.
    private func workByTrueTime() async throws(EngineFailure) -> [WebhookWork] {
        let others = Set(try await engine.clockWork().map(\.clock.book))
        let work = try await engine.webhookWork()
        return others.isEmpty ? work : work.filter { !others.contains($0.name.book) }
    }

    func complain(_ failure: EngineFailure) {
        logger.warning("webhooks were put off", metadata: ["reason": "\(failure)"])
    }
}

// MARK: - From events to deliveries

extension Deliverer {
    /// - Returns: whether there may be more.
    func fanOut(_ work: [WebhookWork]) async throws(EngineFailure) -> Bool {
        var ends: [Book: EventPlace] = [:]
        for book in Set(work.map(\.name.book)) { ends[book] = try await engine.lastSettledPlace(in: book) }
        let behind = work.filter { item in ends[item.name.book].map { item.mark < $0 } ?? false }
        // Together, so that they share a transaction.
        return await withTaskGroup(of: Bool.self) { group in
            for item in behind.prefix(Self.together) {
                group.addTask {
                    do throws(EngineFailure) {
                        return try await stretch(item)
                    } catch {
                        complain(error)
                        return false
                    }
                }
            }
            return await group.reduce(false) { $0 || $1 }
        }
    }

    private func stretch(_ item: WebhookWork) async throws(EngineFailure) -> Bool {
        let book = item.name.book
        let range = EventRange(book, .oldestFirst, after: item.mark, limit: Self.stretch, isSettled: true)
        let events = try await engine.events(in: range)
        guard !events.isEmpty else { return false }
        let name = ObjectName(.webhookEndpoint, item.name.endpoint.raw, in: book)
        let endpoint: WebhookEndpoint
        do throws(EngineFailure) {
            endpoint = try await engine.webhookEndpoint(name)
        } catch .notFound {
            return false
        }
        return try await engine.perform(FanOutEvents(endpoint: endpoint, from: item.mark, events: events))
    }
}

// MARK: - From deliveries to calls

extension Deliverer {
    private enum Turn {
        case handled(isDelivered: Bool)
        case looked
    }

    /// Sends what is due to one endpoint until nothing is.
    private func send(to name: WebhookName) async {
        await withTaskGroup(of: Turn.self) { group in
            var pace = Pace()
            var isLooking = false
            while mayGoOn || pace.busy > 0 {
                do throws(EngineFailure) {
                    let claims = pace.free > 0 && mayGoOn ? try await claim(name, pace.free) : []
                    if claims.isEmpty, pace.busy == 0 { break }
                    pace.busy += claims.count
                    for claim in claims { group.addTask { .handled(isDelivered: await handle(claim)) } }
                } catch {
                    complain(error)
                    if pace.busy == 0 { break }
                }
                if !isLooking, mayGoOn {
                    isLooking = true
                    group.addTask {
                        try? await engine.time.sleep(for: Self.pause)
                        return .looked
                    }
                }
                switch await group.next() {
                case .handled(let isDelivered)?: pace.heard(isDelivered)
                case .looked?: isLooking = false
                case nil: break
                }
            }
            group.cancelAll()
        }
    }

    private func claim(_ name: WebhookName, _ limit: Int) async throws(EngineFailure) -> [ClaimedDelivery] {
        try await engine.perform(ClaimDeliveries(name, at: engine.execution.moment, limit: limit))
    }

    /// - Returns: whether the receiver took it.
    @discardableResult
    func handle(_ claim: ClaimedDelivery) async -> Bool {
        do throws(EngineFailure) {
            let answer = try await sender.send(claim)
            let state = try await engine.insist(on: RecordDelivery(claim: claim, answer: answer))
            if state == .givenUp { tell(of: claim, "an event was given up: its endpoint never took it") }
            if answer.status == 410 { tell(of: claim, "an endpoint was disabled: it answered 410") }
            return answer.outcome == .delivered
        } catch {
            // The lease runs out, and it is sent again.
            tell(of: claim, "a delivery could not be made or written down: \(error)")
            return false
        }
    }

    private func tell(of claim: ClaimedDelivery, _ words: String) {
        logger.warning(
            "\(words)",
            metadata: [
                "endpoint": "\(String(claim.endpoint.id.raw, radix: 36))",
                "delivery": "\(String(claim.delivery.id.raw, radix: 36))",
                "event": "\(claim.delivery.type)",
            ]
        )
    }
}

/// How many calls to one endpoint may be under way. One that has taken nothing for a while is asked by few at a time, so
/// that a dead one holds few connections.
private struct Pace {
    var busy = 0
    private var misses = 0
    private var places: Int { misses < 32 ? 16 : 2 }

    var free: Int { max(0, places - busy) }

    mutating func heard(_ isDelivered: Bool) {
        busy -= 1
        misses = isDelivered ? 0 : misses + 1
    }
}

/// The endpoints that are being served.
private final class Lanes: Sendable {
    private let busy = NIOLockedValueBox<Set<WebhookName>>([])

    /// - Returns: whether nobody served it yet.
    func take(_ name: WebhookName) -> Bool { busy.withLockedValue { $0.insert(name).inserted } }

    func giveBack(_ name: WebhookName) { busy.withLockedValue { _ = $0.remove(name) } }
}
