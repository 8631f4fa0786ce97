import Dispatch

/// Holds a transaction open where its body says so.
struct Gate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Keeps the thread until ``open()``.
    func hold() {
        reached.signal()
        opened.wait()
    }

    /// Waits until somebody is held.
    func isReached() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global()
                .async {
                    reached.wait()
                    continuation.resume()
                }
        }
    }

    func open() { opened.signal() }
}
