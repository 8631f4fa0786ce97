import Foundation

/// Whether a test clock runs. Words that this library does not know survive.
public struct ClockStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// With the true time, or ahead of it.
    public static let running = ClockStatus(rawValue: "running")
    /// It stands.
    public static let frozen = ClockStatus(rawValue: "frozen")
    /// On its way to `advancingTo`.
    public static let advancing = ClockStatus(rawValue: "advancing")
}

/// The time of an account's test mode.
public struct TestClock: Codable, Sendable, Equatable {
    /// Whether it runs.
    public let status: ClockStatus
    /// What time it is there.
    public let now: Date
    /// Where it stands.
    public let frozenAt: Date?
    /// Where it is being moved to.
    public let advancingTo: Date?
    /// How far it is ahead of the true time while it runs.
    public let aheadByMilliseconds: Int64

    enum CodingKeys: String, CodingKey {
        case status
        case now
        case frozenAt = "frozen_at"
        case advancingTo = "advancing_to"
        case aheadByMilliseconds = "ahead_by_milliseconds"
    }
}
