import ConnectorKit
import Domain

/// A simulated processor for test mode: it moves money by itself, by the clock, and nothing is real.
///
/// What it was asked for it keeps in ``SandboxOperations``, as an outside processor would keep it in its own
/// books. Everything later follows from when it received an order and what time it is.
package struct SandboxConnector: Connector, Notifying {
    package let name = "sandbox"
    package let capabilities = ConnectorCapabilities(
        certainty: .queryable,
        dispatchDelay: SandboxConnector.step,
        visibilityDelay: .zero,
        callTimeout: .seconds(10),
        pollInterval: SandboxConnector.step
    )

    /// One step of a simulated refund or capture (`contracts/sandbox.md`).
    package static let step = Duration.seconds(1)

    package let notifications: AsyncStream<ProcessorNews>
    let operations: any SandboxOperations
    let time: any TimeSource
    private let announcements: AsyncStream<ProcessorNews>.Continuation

    package init(operations: any SandboxOperations, time: any TimeSource) {
        self.operations = operations
        self.time = time
        // A notification may be lost: the query is the truth.
        (notifications, announcements) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    func announce(_ notification: ProcessorNotification) {
        announcements.yield(.refund(notification))
    }
}

/// The simulated processor's own memory: append-only, committed by itself, and not part of any refund's
/// transaction.
package protocol SandboxOperations: Sendable {
    /// Writes the operation down unless its key is known; returns what is written under that key.
    func record(_ operation: SandboxOperation) async throws -> SandboxOperation
    func operation(book: Book, processorKey: String) async throws -> SandboxOperation?
}

/// Something that the simulated processor was asked to do. Amount in minor units.
package struct SandboxOperation: Sendable, Equatable {
    package let book: Book
    package let processorKey: String
    package let scenario: String
    package let amount: Int64
    package let currency: Currency
    package let receivedAt: Moment

    package init(
        book: Book,
        processorKey: String,
        scenario: String,
        amount: Int64,
        currency: Currency,
        receivedAt: Moment
    ) {
        self.book = book
        self.processorKey = processorKey
        self.scenario = scenario
        self.amount = amount
        self.currency = currency
        self.receivedAt = receivedAt
    }
}
