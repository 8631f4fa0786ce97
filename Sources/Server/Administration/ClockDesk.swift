import Domain
import Engine
import Storage

/// What somebody wants done with the time of an account's test mode. Instants in milliseconds since 1970.
package struct ClockWish: Codable, Sendable {
    package enum Action: Codable, Sendable {
        case freeze(at: Int64?)
        case advance(bySeconds: Int64)
        case advanceTo(Int64)
        case resume
    }

    package let account: String
    package let action: Action
    package let user: String

    package init(account: String, action: Action, user: String) {
        self.account = account
        self.action = action
        self.user = user
    }
}

/// A clock as the command line shows it; instants in ISO 8601.
package struct ClockSummary: Codable, Sendable, Equatable {
    package let account: String
    /// running, frozen or advancing.
    package let status: String
    package let now: String
    package let frozenAt: String?
    package let advancingTo: String?
    package let aheadByMilliseconds: Int64

    private enum CodingKeys: String, CodingKey {
        case account, status, now
        case frozenAt = "frozen_at"
        case advancingTo = "advancing_to"
        case aheadByMilliseconds = "ahead_by_milliseconds"
    }

    init(_ reading: ClockReading, of account: String) {
        self.init(reading.clock, at: reading.moment, of: account)
    }

    private init(_ clock: BookClock, at moment: Moment, of account: String) {
        self.account = account
        status = clock.advancingTo != nil ? "advancing" : clock.frozenAt == nil ? "running" : "frozen"
        now = Instant.text(moment)
        frozenAt = clock.frozenAt.map(Instant.text)
        advancingTo = clock.advancingTo.map(Instant.text)
        aheadByMilliseconds = clock.ahead
    }

    /// - Parameters:
    ///   - clock: `nil` for one that was never stopped.
    ///   - truth: the true time.
    package init(_ clock: BookClock?, truly truth: Moment, of account: String) {
        // A clock that was never stopped is the same in every book.
        let clock = clock ?? BookClock(book: Book(1))
        self.init(clock, at: clock.moment(truth), of: account)
    }
}

extension Administration {
    func set(_ wish: ClockWish) async throws -> ClockSummary {
        let book = try await ObjectText.book(wish.account, Mode.test.rawValue, of: engine.store)
        let origin = Origin(book: book, actor: Actor(.operator, wish.user), requestID: nil, dialect: "storno")
        let reading =
            switch wish.action {
            case .freeze(let moment):
                try await engine.perform(FreezeClock(origin: origin, at: moment.map(Moment.init(milliseconds:))))
            case .resume: try await engine.perform(ResumeClock(origin: origin))
            case .advance(let seconds): try await advance(origin, .by(seconds: max(seconds, 0)))
            case .advanceTo(let moment): try await advance(origin, .to(Moment(milliseconds: moment)))
            }
        return ClockSummary(reading, of: wish.account)
    }

    private func advance(_ origin: Origin, _ distance: AdvanceClock.Distance) async throws -> ClockReading {
        _ = try await engine.perform(AdvanceClock(origin: origin, distance))
        return try await engine.arrive(origin.book)
    }
}
