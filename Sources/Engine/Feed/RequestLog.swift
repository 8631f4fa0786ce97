import Domain
import NIOConcurrencyHelpers
import Storage

/// The newest requests to this process, for whoever writes a client: in memory alone, a bounded number for each book.
///
/// Nothing that a client wrote is in it: no path, no query, no body, no id but the request's own and its trace's.
package final class RequestLog: Sendable {
    /// How many requests of a book are kept.
    package static let mostOfBook = 500
    /// How many books have any; the one that was silent for longest gives way.
    package static let mostBooks = 64

    private struct Entries {
        /// In the order of `number`.
        var requests: [LoggedRequest] = []

        mutating func add(_ request: LoggedRequest) {
            requests.append(request)
            // Seldom, so that it costs each request a little.
            if requests.count >= RequestLog.mostOfBook * 2 { requests.removeFirst(RequestLog.mostOfBook) }
        }

        var newest: ArraySlice<LoggedRequest> { requests.suffix(RequestLog.mostOfBook) }
    }

    private struct State {
        var books: [Book: Entries] = [:]
        var last: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    package func add(_ request: LoggedRequest, to book: Book) {
        state.withLockedValue { state in
            state.last += 1
            var request = request
            request.number = state.last
            state.books[book, default: Entries()].add(request)
            guard state.books.count > Self.mostBooks else { return }
            let silent = state.books.min { ($0.value.newest.last?.number ?? 0) < ($1.value.newest.last?.number ?? 0) }
            if let silent { state.books.removeValue(forKey: silent.key) }
        }
    }

    /// What is kept of a book, oldest first.
    ///
    /// - Parameter number: only what came behind it; 0 for all.
    package func requests(in book: Book, after number: UInt64 = 0) -> [LoggedRequest] {
        state.withLockedValue { state in
            guard let newest = state.books[book]?.newest else { return [] }
            return Array(newest.drop { $0.number <= number })
        }
    }

    /// The number of the newest request of all books.
    package var last: UInt64 { state.withLockedValue(\.last) }
}

/// One request that was answered to a key.
package struct LoggedRequest: Sendable, Equatable {
    /// 1, 2, … in this process; 0 until it is in the log.
    package fileprivate(set) var number: UInt64 = 0
    /// As the answer's `Request-Id`.
    package let id: String
    package let at: Moment
    package let dialect: String
    /// One of those that HTTP has, or `OTHER`.
    package let method: String
    /// The pattern of the route, such as `/v1/refunds/{id}`; `nil` where there is none.
    package let route: String?
    package let status: Int
    /// Until the answer began.
    package let milliseconds: Int64
    /// The key's id.
    package let key: String
    /// The trace that the client named; `nil` where there was none.
    package let trace: String?
    /// Whether the answer was kept under an idempotency key and given again.
    package let isReplay: Bool
    /// Why it was refused, as our own API words it; `nil` where it was not, or where that has no word for it.
    package let code: String?

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    package init(
        id: String,
        at: Moment,
        dialect: String,
        method: String,
        route: String?,
        status: Int,
        milliseconds: Int64,
        key: String,
        trace: String? = nil,
        isReplay: Bool,
        code: String?
    ) {
        self.id = id
        self.at = at
        self.dialect = dialect
        self.method = Self.methods.contains(method) ? method : "OTHER"
        self.route = route
        self.status = status
        self.milliseconds = milliseconds
        self.key = key
        self.trace = trace
        self.isReplay = isReplay
        self.code = code
    }
}
