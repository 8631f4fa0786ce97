import Domain
import NIOConcurrencyHelpers
import Storage

/// Where pages of lists begin, so that page after page is found by key, however deep.
///
/// A mark says that the item at `position` follows `key`. It holds while nothing came in before it; for lists
/// that show the newest first, what came in since is counted and added. After something left a list, what was
/// read before that leaves no mark.
final class PageMarks: Sendable {
    struct Walk: Hashable {
        let listing: Listing
        let order: KeyRange.Order
        let notBefore: UInt128?
    }

    struct Mark {
        let position: Int
        let after: UInt128
        /// The first key of the list in which the position was counted.
        let head: UInt128
    }

    private struct Content {
        var marks: [Walk: [Mark]] = [:]
        /// The walks in the order of their last use.
        var recent: [Walk] = []
        /// How often something left a list of the book.
        var losses: [Book: Int] = [:]
        /// The same as the database counts it, for all processes together.
        var seen: [Book: Int64] = [:]
    }

    /// A book's lists between two items that leave them.
    struct State {
        fileprivate let losses: Int
    }

    private static let walksKept = 1024
    private static let marksKept = 64
    private let content = NIOLockedValueBox(Content())

    /// Newest marks first.
    func marks(of walk: Walk) -> [Mark] { content.withLockedValue { $0.marks[walk] ?? [] } }

    /// To be taken before the first read of what a mark will tell.
    func state(of book: Book) -> State { content.withLockedValue { State(losses: $0.losses[book, default: 0]) } }

    func keep(_ mark: Mark, of walk: Walk, in state: State) {
        content.withLockedValue { content in
            guard content.losses[walk.listing.book, default: 0] == state.losses else { return }
            var marks = content.marks[walk] ?? []
            marks.removeAll { $0.position == mark.position }
            marks.insert(mark, at: 0)
            content.marks[walk] = Array(marks.prefix(Self.marksKept))
            content.recent.removeAll { $0 == walk }
            content.recent.append(walk)
            if content.recent.count > Self.walksKept { content.marks[content.recent.removeFirst()] = nil }
        }
    }

    /// - Parameter count: how often something left a list of the book, in whatever process.
    func notice(_ count: Int64, in book: Book) {
        let isNews = content.withLockedValue { $0.seen.updateValue(count, forKey: book) != count }
        if isNews { forget(book) }
    }

    /// After something left a list of a book: positions are not what they were.
    func forget(_ book: Book) {
        content.withLockedValue { content in
            content.losses[book, default: 0] += 1
            content.marks = content.marks.filter { $0.key.listing.book != book }
            content.recent.removeAll { $0.listing.book == book }
        }
    }
}
