import Synchronization

/// Rows that are due but damaged: left out of the work, so that they hold up no other. A start tries them again.
final class LeftOut: Sendable {
    private let ids = Mutex<Set<UInt128>>([])

    var count: Int { ids.withLock { $0.count } }

    func contains(_ id: UInt128) -> Bool { ids.withLock { $0.contains(id) } }

    func add(_ id: UInt128) {
        ids.withLock { _ = $0.insert(id) }
    }
}
