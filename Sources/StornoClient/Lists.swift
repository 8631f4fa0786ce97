/// One page of a list.
public struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    /// In the list's order. What a filter leaves out is passed over: a page may have few items, or none, and yet a next one.
    public let items: [Item]
    /// Whether the list goes on.
    public let hasMore: Bool
    /// Where it does.
    public let nextCursor: String?

    private enum CodingKeys: String, CodingKey {
        case items = "data"
        case hasMore = "has_more"
        case nextCursor = "next_cursor"
    }
}

/// A list that is read page by page, as far as somebody walks it.
///
/// ```swift
/// for try await refund in storno.refunds.list() { … }       // all of them
/// let newest = try await storno.refunds.list().page(limit: 20)
/// ```
public struct PagedList<Item: Decodable & Sendable>: AsyncSequence, Sendable {
    /// What walking it throws.
    public typealias Failure = StornoError

    let wire: Wire
    let call: Call

    /// One page of it.
    ///
    /// - Parameters:
    ///   - limit: 1 to 100.
    ///   - cursor: the `nextCursor` of the page before.
    public func page(limit: Int = 100, after cursor: String? = nil) async throws(StornoError) -> Page<Item> {
        var call = call
        call.query.append(("limit", String(limit)))
        if let cursor { call.query.append(("starting_after", cursor)) }
        return try await wire.read(call)
    }

    /// The first items, over as many pages as it takes.
    public func first(_ count: Int) async throws(StornoError) -> [Item] {
        var (found, cursor): ([Item], String?) = ([], nil)
        while found.count < count {
            let page = try await page(limit: Swift.min(100, count - found.count), after: cursor)
            found += page.items
            guard page.hasMore, let next = page.nextCursor else { break }
            cursor = next
        }
        return Array(found.prefix(count))
    }

    /// Walks the whole list.
    public func makeAsyncIterator() -> Iterator { Iterator(list: self) }

    /// A walk through a list.
    public struct Iterator: AsyncIteratorProtocol {
        /// What walking throws.
        public typealias Failure = StornoError

        private let list: PagedList
        private var waiting: ArraySlice<Item> = []
        private var cursor: String?
        private var isAtEnd = false

        init(list: PagedList) {
            self.list = list
        }

        /// The next item; `nil` at the end.
        public mutating func next() async throws(StornoError) -> Item? {
            while waiting.isEmpty, !isAtEnd {
                let page = try await list.page(after: cursor)
                waiting = page.items[...]
                cursor = page.nextCursor
                isAtEnd = !page.hasMore || page.nextCursor == nil
            }
            return waiting.popFirst()
        }
    }
}

/// A list that is answered whole.
struct WholeList<Item: Decodable & Sendable>: Decodable, Sendable {
    let data: [Item]
}
