import Domain
import Logging
import NIOConcurrencyHelpers
import Storage

/// Something that looks for due work, does it, and sleeps until there is more.
package protocol Worker: Sendable {
    var engine: Engine { get }
    var kind: DueWork.Kind { get }

    /// Does what is due and returns when it is done.
    ///
    /// - Parameter book: one with a time of its own, of which alone it is; `nil` for all others.
    /// - Returns: how much was due.
    func work(at moment: Moment, in book: Book?) async throws(EngineFailure) -> Int

    /// Works until the task is cancelled.
    func run() async
}

extension Worker {
    /// How much is taken at a time.
    static var batch: Int { 64 }

    package func work(at moment: Moment) async throws(EngineFailure) -> Int { try await work(at: moment, in: nil) }

    package func run() async {
        while !Task.isCancelled {
            do throws(EngineFailure) {
                if let moment = try await dueMoment(), try await work(at: moment) > 0 { continue }
            } catch {
                complain(error)
            }
            guard await look() else { return }
        }
    }

    /// The present moment, if work of this kind is due by it.
    func dueMoment() async throws(EngineFailure) -> Moment? {
        let moment = engine.execution.moment
        let next = try await engine.read { store throws(StoreFailure) in try await store.nextDue(kind) }
        return next.flatMap { $0 <= moment ? moment : nil }
    }

    /// Waits until it is time to look again.
    ///
    /// - Returns: whether there is still something to look for.
    func look() async -> Bool { await engine.waitForNews(atMost: engine.look) }

    func complain(_ failure: EngineFailure) {
        engine.logger.warning("work was put off", metadata: ["kind": "\(kind)", "reason": "\(failure)"])
    }
}

/// A worker that calls a processor for each piece of its work. A call that hangs takes up one place of its
/// connector's; the others go on.
protocol CallingWorker: Worker {
    associatedtype Piece: Sendable

    func claim(at moment: Moment, in book: Book?, limit: Int) async throws(EngineFailure) -> [Piece]

    /// Makes the call and writes down how it ended.
    func handle(_ piece: Piece) async
}

extension CallingWorker {
    /// How many calls may be under way at a time.
    private static var places: Int { 64 }

    package func work(at moment: Moment, in book: Book?) async throws(EngineFailure) -> Int {
        let pieces = try await claim(at: moment, in: book, limit: Self.batch)
        await withDiscardingTaskGroup { group in
            for piece in pieces { group.addTask { await handle(piece) } }
        }
        return pieces.count
    }

    package func run() async {
        let places = Places(Self.places)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do throws(EngineFailure) {
                    let pieces = places.free > 0 ? try await claimDue(places.free) : []
                    places.take(pieces.count)
                    for piece in pieces {
                        group.addTask {
                            await handle(piece)
                            places.giveBack()
                        }
                    }
                    if !pieces.isEmpty { continue }
                } catch {
                    complain(error)
                }
                guard await look() else { return }
            }
        }
    }

    private func claimDue(_ limit: Int) async throws(EngineFailure) -> [Piece] {
        guard let moment = try await dueMoment() else { return [] }
        return try await claim(at: moment, in: nil, limit: limit)
    }

    /// Writes a result down. If it never can be, the lease runs out and the processor is asked again.
    func record<C: Command>(_ command: C) async where C.Outcome == Void {
        do throws(EngineFailure) {
            try await engine.insist(on: command)
        } catch {
            engine.logger.warning(
                "a result could not be written down",
                metadata: ["command": "\(C.self)", "reason": "\(error)"]
            )
        }
    }
}

extension Engine {
    /// Carries out what has happened outside and must not be lost: tries again while the server is busy or storage
    /// is away, for ten seconds.
    package func insist<C: Command>(on command: C) async throws(EngineFailure) -> C.Outcome {
        for _ in 0..<Self.tries {
            do throws(EngineFailure) {
                return try await perform(command)
            } catch {
                guard error == .busy || error == .storageUnavailable else { throw error }
                guard (try? await time.sleep(for: Self.pauseBetweenTries)) != nil else { throw error }
            }
        }
        return try await perform(command)
    }

    private static var tries: Int { 40 }
    private static var pauseBetweenTries: Duration { .milliseconds(250) }
}

/// How many more calls may begin.
private final class Places: Sendable {
    private let left: NIOLockedValueBox<Int>

    init(_ count: Int) {
        left = NIOLockedValueBox(count)
    }

    var free: Int { left.withLockedValue { $0 } }

    func take(_ count: Int) { left.withLockedValue { $0 -= count } }

    func giveBack() { left.withLockedValue { $0 += 1 } }
}
