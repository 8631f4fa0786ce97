import ConnectorKit
import Domain

extension SandboxConnector {
    /// By what time the simulated processor lives for this order: the true one, or that of a book with its own.
    func now(of order: RefundOrder) -> Moment { order.isOnClock ? order.moment : time.now }

    /// What the simulated processor says about an operation at a time: it follows from when it received it.
    func answer(about operation: SandboxOperation, at now: Moment) -> ProcessorAnswer {
        let received = operation.receivedAt
        let settledAt = received.adding(Self.step)
        switch Scenario(rawValue: operation.scenario) ?? .success {
        case .declined: return declined(operation)
        case .success, .hangs, .answerLost, .serverError, .earlyNotification: return settling(operation, settledAt, now)
        case .reversedLater: return reversing(operation, settledAt, now)
        case .actionRequired: return awaitingPayer(operation, now)
        case .otherAmount: return answer(operation, .succeeded, at: settledAt, amount: operation.amount - 1)
        case .insufficientFunds: return awaitingFunds(operation, now)
        case .lateSuccess: return contradicting(operation, now)
        }
    }

    private func declined(_ operation: SandboxOperation, askAgain: Moment? = nil) -> ProcessorAnswer {
        answer(
            operation,
            .refused,
            at: operation.receivedAt,
            failure: RefundFailure(.declined, detail: "The simulated processor declined the refund."),
            until: askAgain
        )
    }

    private func settling(
        _ operation: SandboxOperation,
        _ settledAt: Moment,
        _ now: Moment,
        askAgain: Moment? = nil
    ) -> ProcessorAnswer {
        guard now >= settledAt else { return answer(operation, .accepted, at: operation.receivedAt) }
        return answer(operation, .succeeded, at: settledAt, until: askAgain)
    }

    private func reversing(_ operation: SandboxOperation, _ settledAt: Moment, _ now: Moment) -> ProcessorAnswer {
        let reversedAt = settledAt.adding(SimulatedTime.untilReversal)
        guard now >= reversedAt else { return settling(operation, settledAt, now, askAgain: reversedAt) }
        let failure = RefundFailure(.reversed, detail: "The simulated payer's bank sent the money back.")
        return answer(operation, .returned, at: reversedAt, failure: failure)
    }

    private func awaitingPayer(_ operation: SandboxOperation, _ now: Moment) -> ProcessorAnswer {
        let expiresAt = operation.receivedAt.adding(SimulatedTime.forAction)
        guard now >= expiresAt else {
            return answer(operation, .actionRequired, at: operation.receivedAt, until: expiresAt)
        }
        let failure = RefundFailure(.expiredAction, detail: "The simulated payer did not act in time.")
        return answer(operation, .refused, at: expiresAt, failure: failure)
    }

    private func awaitingFunds(_ operation: SandboxOperation, _ now: Moment) -> ProcessorAnswer {
        let fundedAt = operation.receivedAt.adding(SimulatedTime.untilFunded)
        guard now >= fundedAt else {
            return answer(operation, .postponed, at: operation.receivedAt, until: fundedAt)
        }
        return settling(operation, fundedAt, now)
    }

    private func contradicting(_ operation: SandboxOperation, _ now: Moment) -> ProcessorAnswer {
        let paidAt = operation.receivedAt.adding(SimulatedTime.untilLateSuccess)
        guard now >= paidAt else { return declined(operation, askAgain: paidAt) }
        return answer(operation, .succeeded, at: paidAt)
    }

    private func answer(
        _ operation: SandboxOperation,
        _ claim: EvidenceClaim,
        at processorTime: Moment,
        amount: Int64? = nil,
        failure: RefundFailure? = nil,
        until: Moment? = nil
    ) -> ProcessorAnswer {
        ProcessorAnswer(
            claim: claim,
            reference: "sandbox_\(operation.processorKey)",
            amount: amount ?? operation.amount,
            currency: operation.currency,
            failure: failure,
            processorTime: processorTime,
            until: until
        )
    }
}
