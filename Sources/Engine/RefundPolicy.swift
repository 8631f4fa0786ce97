import ConnectorKit
import Domain
import Storage

/// What an account chose about its refunds; the settings are in `docs/reference/settings.md`.
package struct RefundPolicy: Sendable, Equatable {
    /// How long a refund can be withdrawn before it is sent.
    package var undoWindow: Duration
    /// A refund of more than this needs a person, in minor units of whatever its currency is; `nil` for never.
    package var approvalAbove: Int64?
    /// How long a refund waits for that person.
    package var approvalLife: Duration

    package init(
        undoWindow: Duration = .zero,
        approvalAbove: Int64? = nil,
        approvalLife: Duration = .seconds(7 * 86400)
    ) {
        self.undoWindow = undoWindow
        self.approvalAbove = approvalAbove
        self.approvalLife = approvalLife
    }

    package init(_ settings: AccountSettings) {
        self.init(undoWindow: .seconds(settings.seconds("undo_window_seconds")))
        approvalAbove = settings.integer("approval_above")
        if let seconds = settings.integer("approval_expires_seconds") { approvalLife = .seconds(seconds) }
    }
}

extension Refund {
    /// Free to be sent from `moment` on, but for the time in which it can still be withdrawn and the one that its
    /// connector lets pass. The same for a refund that needs nobody as for one that was just approved.
    mutating func queue(at moment: Moment, _ policy: RefundPolicy, _ connector: any Connector) {
        pendingReason = policy.undoWindow > .zero ? .undoWindow : nil
        expiresAt = nil
        dueAt = moment.adding(max(policy.undoWindow, connector.capabilities.dispatchDelay))
    }

    /// Waiting for a person, who has as long as the policy says.
    mutating func awaitApproval(at moment: Moment, _ policy: RefundPolicy) {
        expiresAt = moment.adding(policy.approvalLife)
        dueAt = expiresAt
    }
}
