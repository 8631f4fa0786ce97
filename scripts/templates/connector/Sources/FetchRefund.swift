import ConnectorKit
import Domain

extension __Name__Connector {
    /// Owed: the question, by the processor's reference where there is one, otherwise by `order.processorKey`.
    package func find(_ order: RefundOrder, reference: String?) async -> InquiryOutcome {
        .unknown("the connector __name__ does not ask its processor yet")
    }
}
