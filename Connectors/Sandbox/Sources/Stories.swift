/// A story of the simulated processor, for people who choose one.
package struct SandboxStory: Sendable, Equatable {
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

    fileprivate init(_ scenario: Scenario, _ text: String, rest: String, pendingReason: String? = nil) {
        name = scenario.rawValue
        amount = scenario.amount
        self.text = text
        self.rest = rest
        self.pendingReason = pendingReason
    }
}

extension SandboxConnector {
    /// All of them, in the order of their amounts.
    package static let stories: [SandboxStory] = Scenario.allCases.map { scenario in
        switch scenario {
        case .success: SandboxStory(scenario, "accepted, and succeeds a second later", rest: "succeeded")
        case .declined: SandboxStory(scenario, "refused: failed, code declined", rest: "failed")
        case .hangs:
            SandboxStory(
                scenario,
                "no answer until the timeout, never executed; the inquiry says so",
                rest: "in_doubt"
            )
        case .answerLost:
            SandboxStory(scenario, "executed, then the answer is lost; the inquiry finds it", rest: "succeeded")
        case .reversedLater: SandboxStory(scenario, "succeeds, comes back ten days later", rest: "succeeded")
        case .actionRequired:
            SandboxStory(
                scenario,
                "the payer has to act, and does not within seven days",
                rest: "requires_action"
            )
        case .serverError: SandboxStory(scenario, "answers 500 after executing", rest: "succeeded")
        case .earlyNotification: SandboxStory(scenario, "told before the answer, and twice", rest: "succeeded")
        case .otherAmount: SandboxStory(scenario, "answers another amount: needs_review", rest: "needs_review")
        case .insufficientFunds:
            SandboxStory(
                scenario,
                "stays queued a day, then succeeds",
                rest: "queued",
                pendingReason: "insufficient_funds"
            )
        case .lateSuccess:
            SandboxStory(scenario, "declined, and then it succeeds: needs_review", rest: "needs_review")
        }
    }
}
