import ConnectorKit
import Domain

extension SandboxConnector {
    package func find(_ order: RefundOrder, reference: String?) async -> InquiryOutcome {
        do {
            let known = try await operations.operation(book: order.book, processorKey: order.processorKey)
            return known.map { .found(answer(about: $0, at: now(of: order))) } ?? .absent
        } catch {
            return .unknown("the simulated processor could not read: \(error)")
        }
    }
}
