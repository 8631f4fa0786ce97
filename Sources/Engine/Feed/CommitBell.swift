import Domain
import NIOConcurrencyHelpers

/// Tells those who follow a book's events when this process has committed some. Books that nobody follows cost nothing.
package final class CommitBell: Sendable {
    private struct Listeners {
        var count = 0
        var rings: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private struct State {
        var books: [Book: Listeners] = [:]
        var next: UInt64 = 0

        mutating func ring(_ book: Book) -> [CheckedContinuation<Void, Never>] {
            guard var listeners = books[book] else { return [] }
            let waiting = Array(listeners.waiting.values)
            listeners.rings += 1
            listeners.waiting = [:]
            books[book] = listeners
            return waiting
        }
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// Whether anybody follows any book.
    var isHeard: Bool { state.withLockedValue { !$0.books.isEmpty } }

    /// Events of these books are committed.
    func ring(_ books: some Sequence<Book>) {
        let waiting = state.withLockedValue { state in books.flatMap { state.ring($0) } }
        for continuation in waiting { continuation.resume() }
    }

    /// Wakes everybody, whatever was committed.
    func ringAll() {
        ring(state.withLockedValue { Array($0.books.keys) })
    }

    func rings(of book: Book) -> UInt64 { state.withLockedValue { $0.books[book]?.rings ?? 0 } }

    /// Returns when it has rung more often than that, or when the task is cancelled.
    func wait(for book: Book, beyond rings: UInt64) async {
        let number = state.withLockedValue { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard state.books[book]?.rings == rings, !Task.isCancelled else { return true }
                    state.books[book]?.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.books[book]?.waiting.removeValue(forKey: number) }?.resume()
        }
    }

    // MARK: - Who listens

    fileprivate func begin(_ book: Book) {
        state.withLockedValue { $0.books[book, default: Listeners()].count += 1 }
    }

    fileprivate func end(_ book: Book) {
        let waiting = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
            state.books[book]?.count -= 1
            guard state.books[book]?.count == 0, let last = state.books.removeValue(forKey: book) else { return [] }
            return Array(last.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Hears the bell as long as it is there.
    final class Ear: Sendable {
        private let bell: CommitBell
        private let book: Book

        init(_ bell: CommitBell, _ book: Book) {
            self.bell = bell
            self.book = book
            bell.begin(book)
        }

        deinit { bell.end(book) }

        var rings: UInt64 { bell.rings(of: book) }

        func wait(beyond rings: UInt64) async { await bell.wait(for: book, beyond: rings) }
    }
}
