import Synchronization

/// Whether the server still wants requests: load balancers ask before it stops to listen.
package final class Readiness: Sendable {
    private let draining = Atomic(false)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package func drain() { draining.store(true, ordering: .relaxed) }
}
