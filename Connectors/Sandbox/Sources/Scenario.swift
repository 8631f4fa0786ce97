import ConnectorKit
import Domain

/// What the simulated processor does with a refund, chosen by its amount or by `metadata.scenario`.
enum Scenario: String, CaseIterable {
    case success
    case declined

    /// The amounts of `contracts/sandbox.md`, in minor units.
    init(_ order: RefundOrder) {
        if let named = order.metadata["scenario"] {
            self = Scenario(named: named)
        } else {
            self = Scenario(named: String(order.amount))
        }
    }

    private init(named text: String) {
        switch text {
        case "90000001", Scenario.declined.rawValue: self = .declined
        default: self = .success
        }
    }
}
