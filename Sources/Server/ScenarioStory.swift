/// A story that test mode's simulated processor plays, for people who choose one.
package struct ScenarioStory: Sendable, Equatable {
    /// As `metadata.scenario` takes it.
    package let name: String
    /// The amount in minor units that has this story too; `nil` for the one of every other amount.
    package let amount: Int64?
    /// What happens.
    package let text: String
    /// The status of a refund in which it comes to rest within half a minute.
    package let rest: String
    /// Why it rests in `queued`.
    package let pendingReason: String?
}
