import Domain
import Engine

/// Writes events as an API tells them to others.
package protocol EventRenderer: Sendable {
    /// What a receiver knows the event by: the same whenever it is sent.
    func id(of event: Event) -> String

    /// A message of less than ``longestMessage`` bytes.
    func message(of event: Event, in engine: Engine) async throws(EngineFailure) -> [UInt8]
}

/// As Standard Webhooks advises, in bytes.
package let longestMessage = 20_000
