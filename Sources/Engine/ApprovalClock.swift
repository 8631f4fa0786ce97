import Domain
import Storage

/// Ends the wait for approvals that nobody gave.
package struct ApprovalClock: Worker {
    package let engine: Engine
    package let kind = DueWork.Kind.refundsToApprove

    package init(engine: Engine) {
        self.engine = engine
    }

    package func work(at moment: Moment, in book: Book?) async throws(EngineFailure) -> Int {
        try await engine.perform(ExpireApprovals(of: book, at: moment, limit: Self.batch))
    }
}
