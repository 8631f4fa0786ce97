import Domain
import Storage

/// When a request is the same as an earlier one.
package struct IdempotencyRules: Sendable {
    package var isSame: @Sendable (IdempotencyRecord, Once) -> Bool = { $0.fingerprint == $1.fingerprint }
    /// Whether the answer is kept with what it made.
    package var keeps: @Sendable (Once) -> Bool = { _ in true }

    package init() {}
}
