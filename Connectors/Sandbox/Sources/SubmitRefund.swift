import ConnectorKit
import Domain

extension SandboxConnector {
    package func submit(_ order: RefundOrder) async -> SubmissionOutcome {
        let wanted = SandboxOperation(
            book: order.book,
            processorKey: order.processorKey,
            scenario: Scenario(order).rawValue,
            amount: order.amount,
            currency: order.currency,
            receivedAt: time.now
        )
        do {
            return .answered(answer(about: try await operations.record(wanted)))
        } catch {
            return .unknown("the simulated processor could not write: \(error)")
        }
    }

    /// The processor's view of an operation at this moment.
    func answer(about operation: SandboxOperation) -> ProcessorAnswer {
        let settledAt = operation.receivedAt.adding(Self.step)
        let isSettled = time.now >= settledAt
        let claim: EvidenceClaim
        switch Scenario(rawValue: operation.scenario) ?? .success {
        case .declined: claim = .refused
        case .success: claim = isSettled ? .succeeded : .accepted
        }
        return ProcessorAnswer(
            claim: claim,
            reference: "sandbox_\(operation.processorKey)",
            amount: operation.amount,
            currency: operation.currency,
            failure: claim == .refused
                ? RefundFailure(.declined, detail: "The simulated processor declined the refund.") : nil,
            processorTime: claim == .succeeded ? settledAt : operation.receivedAt
        )
    }
}
