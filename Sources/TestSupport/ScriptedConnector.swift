import ConnectorKit
import Domain
import NIOConcurrencyHelpers

/// A processor that says what a test wrote down for it, in that order, and remembers what it was asked.
package final class ScriptedConnector: Connector, PaymentTaking, Notifying {
    package let name = "scripted"
    package let capabilities: ConnectorCapabilities
    package let notifications: AsyncStream<ProcessorNews>
    private let announcements: AsyncStream<ProcessorNews>.Continuation
    private let script: NIOLockedValueBox<Script>

    private struct Script {
        var submissions: [SubmissionOutcome] = []
        var inquiries: [InquiryOutcome] = []
        var submitted: [RefundOrder] = []
        var asked: [RefundOrder] = []
    }

    /// - Parameters:
    ///   - submissions: the outcomes of the calls; further ones are accepted.
    ///   - inquiries: the outcomes of the questions; further ones find success.
    package init(
        submissions: [SubmissionOutcome] = [],
        inquiries: [InquiryOutcome] = [],
        certainty: ConnectorCapabilities.Certainty = .queryable,
        visibilityDelay: Duration = .zero
    ) {
        capabilities = ConnectorCapabilities(
            certainty: certainty,
            dispatchDelay: .zero,
            visibilityDelay: visibilityDelay,
            callTimeout: .seconds(10),
            pollInterval: .seconds(1)
        )
        (notifications, announcements) = AsyncStream.makeStream()
        script = NIOLockedValueBox(Script(submissions: submissions, inquiries: inquiries))
    }

    package var submitted: [RefundOrder] { script.withLockedValue { $0.submitted } }
    package var asked: [RefundOrder] { script.withLockedValue { $0.asked } }

    /// Tells without being asked.
    package func tell(_ news: ProcessorNews) { announcements.yield(news) }

    package func submit(_ order: RefundOrder) async -> SubmissionOutcome {
        script.withLockedValue { script in
            script.submitted.append(order)
            guard !script.submissions.isEmpty else {
                return .answered(ProcessorAnswer(claim: .accepted, reference: "ref"))
            }
            return script.submissions.removeFirst()
        }
    }

    package func find(_ order: RefundOrder, reference: String?) async -> InquiryOutcome {
        script.withLockedValue { script in
            script.asked.append(order)
            guard !script.inquiries.isEmpty else { return .found(ProcessorAnswer(claim: .succeeded, reference: "ref")) }
            return script.inquiries.removeFirst()
        }
    }

    package func take(_ order: PaymentOrder) -> PaymentAnswer {
        PaymentAnswer(state: order.capturesAtOnce ? .captured : .authorized, response: "00")
    }

    package func capture(_ payment: Payment, _ wish: CaptureWish, at moment: Moment) -> PaymentAnswer {
        PaymentAnswer(state: .captured, response: "00", captured: wish.amount)
    }

    package func advance(_ payment: Payment, at moment: Moment) -> PaymentAnswer {
        PaymentAnswer(state: payment.state, response: payment.response)
    }

    package func scenario(of card: CardNumber) -> String? { nil }
}
