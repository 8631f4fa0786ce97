import ConnectorKit
import Domain

extension __Name__Connector {
    /// Owed: the call. Answered `.unsent` as long as nothing leaves this machine, so that nothing is taken for paid.
    package func submit(_ order: RefundOrder) async -> SubmissionOutcome {
        .unsent("the connector __name__ does not call its processor yet")
    }
}
