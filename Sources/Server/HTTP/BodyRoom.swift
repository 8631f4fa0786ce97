import Synchronization

/// Memory for the bodies of all requests that have no answer yet.
package final class BodyRoom: Sendable {
    private let left: Atomic<Int>

    package init(bytes: Int) { left = Atomic(bytes) }

    /// For one request's body.
    func place() -> Place { Place(room: self) }

    private func take(_ count: Int) -> Bool {
        guard left.subtract(count, ordering: .relaxed).newValue < 0 else { return true }
        left.add(count, ordering: .relaxed)
        return false
    }

    private func giveBack(_ count: Int) { left.add(count, ordering: .relaxed) }

    /// What one body takes up, as it comes.
    final class Place: Sendable {
        private let room: BodyRoom
        private let taken = Atomic(0)

        fileprivate init(room: BodyRoom) { self.room = room }

        /// - Returns: whether there was room for so many bytes more.
        func take(_ count: Int) -> Bool {
            guard room.take(count) else { return false }
            taken.add(count, ordering: .relaxed)
            return true
        }

        /// Once the body is no longer needed.
        func giveBack() { room.giveBack(taken.exchange(0, ordering: .relaxed)) }
    }
}
