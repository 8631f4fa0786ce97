import ConnectorKit
import Domain

extension SandboxConnector {
    package func submit(_ order: RefundOrder) async -> SubmissionOutcome {
        let scenario = Scenario(order)
        if scenario == .hangs {
            // The book's own time does not pass while somebody waits.
            if !order.isOnClock { try? await time.sleep(for: capabilities.callTimeout) }
            return .unknown("the simulated processor did not answer in time")
        }
        do {
            return reply(to: order, scenario, try await operations.record(operation(for: order, scenario)))
        } catch {
            return .unknown("the simulated processor could not write")
        }
    }

    private func operation(for order: RefundOrder, _ scenario: Scenario) -> SandboxOperation {
        SandboxOperation(
            book: order.book,
            processorKey: order.processorKey,
            scenario: scenario.rawValue,
            amount: order.amount,
            currency: order.currency,
            receivedAt: now(of: order)
        )
    }

    private func reply(to order: RefundOrder, _ scenario: Scenario, _ known: SandboxOperation) -> SubmissionOutcome {
        switch scenario {
        case .answerLost: return .unknown("the simulated answer was lost")
        case .serverError: return .unknown("the simulated processor answered 500")
        case .earlyNotification:
            for _ in 1...2 {
                let answer = answer(about: known, at: now(of: order))
                announce(ProcessorNotification(book: order.book, refund: order.refund, answer: answer))
            }
            return .answered(answer(about: known, at: now(of: order)))
        case .success, .declined, .hangs, .reversedLater, .actionRequired, .otherAmount, .insufficientFunds,
            .lateSuccess:
            return .answered(answer(about: known, at: now(of: order)))
        }
    }
}
