import NIOConcurrencyHelpers

/// Rows that are due but damaged: left out of the work, so that they hold up no other. A start tries them again.
package final class LeftOut: Sendable {
    private let ids = NIOLockedValueBox<Set<UInt128>>([])

    package init() {}

    package var count: Int { ids.withLockedValue { $0.count } }

    package func contains(_ id: UInt128) -> Bool { ids.withLockedValue { $0.contains(id) } }

    package func add(_ id: UInt128) {
        ids.withLockedValue { _ = $0.insert(id) }
    }
}
