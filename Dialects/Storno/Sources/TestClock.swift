import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// The time of an account's test mode.

extension StornoDialect {
    func readClock(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        return .json(
            .clock(try await context.ask { engine throws(EngineFailure) in try await engine.clock(of: context.book) })
        )
    }

    func freezeClock(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["at"])
        let command = FreezeClock(origin: context.origin, at: try fields.instant("at"))
        return try await context.answer(command) { JSONWriter.bytes(.clock($0)) }
    }

    /// Answers once the clock has arrived, with everything due on the way done; after some seconds with where it is, and it
    /// goes on by itself.
    func advanceClock(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["by_seconds", "to"])
        let command = AdvanceClock(origin: context.origin, try fields.distance())
        var answer = try await context.answer(command) { JSONWriter.bytes(.clock($0)) }
        let reading = try await context.ask { engine throws(EngineFailure) in try await engine.arrive(context.book) }
        answer.body = .bytes(JSONWriter.bytes(.clock(reading)))
        return answer
    }

    func resumeClock(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        return try await context.answer(ResumeClock(origin: context.origin)) { JSONWriter.bytes(.clock($0)) }
    }
}

extension Fields {
    /// As far as one request can ask for: what is further takes two.
    private static let farthestSeconds: Int64 = 10 * 366 * 86_400

    fileprivate func distance() throws(Refusal) -> AdvanceClock.Distance {
        let target = try instant("to")
        if let seconds = try integer("by_seconds", 0...Self.farthestSeconds) {
            guard target == nil else { throw invalid("to", "must not be given beside by_seconds") }
            return .by(seconds: seconds)
        }
        guard let target else { throw invalid("by_seconds", "or to must say how far") }
        return .to(target)
    }
}

extension Problem {
    init(_ refusal: ClockRefusal) {
        switch refusal {
        case .liveMode:
            self.init(.clockOfLiveMode, "Live money moves by the true time. Use a key of test mode.")
        case .beforePresent(let present):
            self = Problem(.clockNotBack, "A book's time never goes back: it is \(Instant.text(present)) there.")
                .with("now", .time(present))
        case .tooFar(let end):
            self = Problem(.clockTooFar, "A clock can be set to \(Instant.text(end)) at the latest.")
                .with("latest", .time(end))
        case .underWay(let target):
            self = Problem(
                .clockAdvancing,
                "It is on its way to \(Instant.text(target)). Ask for it until it has arrived."
            )
            .with("advancing_to", .time(target))
        }
    }
}

extension JSONValue {
    static func clock(_ reading: ClockReading) -> JSONValue {
        let clock = reading.clock
        let status =
            if clock.advancingTo != nil { "advancing" } else { clock.frozenAt == nil ? "running" : "frozen" }
        return .members(
            ("object", "test_clock"),
            ("status", .string(status)),
            ("now", .time(reading.moment)),
            ("frozen_at", .time(clock.frozenAt)),
            ("advancing_to", .time(clock.advancingTo)),
            ("ahead_by_milliseconds", .integer(clock.ahead))
        )
    }
}
