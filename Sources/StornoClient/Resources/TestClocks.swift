import Foundation

/// The time of the account's test mode, which everything in it lives by. Keys of live mode are refused
/// (`clock_of_live_mode`).
public struct TestClocks: Sendable {
    let wire: Wire

    /// What time it is.
    public func get() async throws(StornoError) -> TestClock { try await wire.read(.get("test_clock")) }

    /// Stops it.
    ///
    /// - Parameter at: where it is to stand, never back; where it is, if it is `nil`.
    public func freeze(at: Date? = nil, idempotencyKey: String? = nil) async throws(StornoError) -> TestClock {
        let body: [String: JSON?] = ["at": at.map { .string(StornoCoding.text($0)) }]
        return try await wire.read(.post("test_clock", "freeze", body: body, key: idempotencyKey))
    }

    /// Moves it forward, with everything that falls due on the way; it stands from then on. Where that takes longer than
    /// some seconds it is still `advancing` in the answer, and goes on by itself: ``get()`` says when it has arrived.
    ///
    /// - Parameter bySeconds: ten years at the most.
    public func advance(bySeconds: Int64, idempotencyKey: String? = nil) async throws(StornoError) -> TestClock {
        let body: [String: JSON?] = ["by_seconds": .integer(bySeconds)]
        return try await wire.read(.post("test_clock", "advance", body: body, key: idempotencyKey))
    }

    /// Moves it forward to a time.
    public func advance(to time: Date, idempotencyKey: String? = nil) async throws(StornoError) -> TestClock {
        let body: [String: JSON?] = ["to": .string(StornoCoding.text(time))]
        return try await wire.read(.post("test_clock", "advance", body: body, key: idempotencyKey))
    }

    /// Lets it run: with the true time, or ahead of it where it stood ahead.
    public func resume(idempotencyKey: String? = nil) async throws(StornoError) -> TestClock {
        try await wire.read(Call(method: "DELETE", path: ["test_clock"], idempotencyKey: idempotencyKey))
    }
}
