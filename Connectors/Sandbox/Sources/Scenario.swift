import ConnectorKit
import Domain

/// What the simulated processor does with a refund, chosen by its amount in minor units or by
/// `metadata.scenario`, which holds that number or the scenario's name.
enum Scenario: String, CaseIterable {
    case success
    case declined
    /// No answer until the timeout, and nothing executed.
    case hangs
    /// Executed, then the answer is lost.
    case answerLost = "answer_lost"
    case reversedLater = "reversed_later"
    /// The payer has to act, and does not.
    case actionRequired = "action_required"
    /// Executed, then answered with a server error.
    case serverError = "server_error"
    /// Told before it is answered, and twice.
    case earlyNotification = "early_notification"
    /// Answers about another amount.
    case otherAmount = "other_amount"
    case insufficientFunds = "insufficient_funds"
    /// Answered as declined, and then it succeeds.
    case lateSuccess = "late_success"

    private static let numbered: [String: Scenario] = [
        "90000001": .declined, "90000002": .hangs, "90000003": .answerLost, "90000004": .reversedLater,
        "90000005": .actionRequired, "90000006": .serverError, "90000007": .earlyNotification,
        "90000008": .otherAmount, "90000009": .insufficientFunds, "90000010": .lateSuccess,
    ]

    /// In minor units; `nil` for the one of every other amount.
    var amount: Int64? { Self.numbered.first { $0.value == self }.flatMap { Int64($0.key) } }

    init(_ order: RefundOrder) {
        let text = order.metadata["scenario"] ?? String(order.amount)
        self = Scenario.numbered[text] ?? Scenario(rawValue: text) ?? .success
    }
}

/// How long things take in the simulation.
enum SimulatedTime {
    static let untilReversal = Duration.seconds(10 * 86400)
    static let forAction = Duration.seconds(7 * 86400)
    static let untilFunded = Duration.seconds(86400)
    /// From an answer of failure to the success after all.
    static let untilLateSuccess = Duration.seconds(5)
}
