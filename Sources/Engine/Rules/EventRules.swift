import Domain

/// Which changes the world is told of.
package struct EventRules: Sendable {
    /// Whether a step of a refund is an event: each change of status is one, and nothing else.
    package var tells: @Sendable (_ before: RefundStatus, _ after: RefundStatus) -> Bool = { $0 != $1 }

    package init() {}
}
