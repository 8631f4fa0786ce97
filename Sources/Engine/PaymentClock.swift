import Domain
import Storage

/// Takes the simulated processor's next steps for payments.
package struct PaymentClock: Worker {
    package let engine: Engine
    package let kind = DueWork.Kind.payments

    package init(engine: Engine) {
        self.engine = engine
    }

    package func work(at moment: Moment, in book: Book?) async throws(EngineFailure) -> Int {
        try await engine.perform(AdvancePayments(of: book, at: moment, limit: Self.batch))
    }
}
