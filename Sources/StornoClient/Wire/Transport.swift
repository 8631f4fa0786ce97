/// How requests reach a server: the library's own way is ``HTTPTransport``; tests bring theirs.
public protocol StornoTransport: Sendable {
    /// Sends one request, and returns when the head of its answer is there. Follows no redirect, repeats nothing.
    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer
}

/// One request, as it goes out.
public struct TransportRequest: Sendable {
    /// GET, POST, PATCH or DELETE.
    public let method: String
    /// With scheme, host, path and query.
    public let url: String
    /// Names in lower case.
    public let fields: [(name: String, value: String)]
    /// `nil` where there is none.
    public let body: [UInt8]?
    /// Until the head of the answer.
    public let timeout: Duration

    /// One request.
    public init(
        method: String,
        url: String,
        fields: [(name: String, value: String)],
        body: [UInt8]?,
        timeout: Duration
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeout = timeout
    }
}

/// What came back.
public struct TransportAnswer: Sendable {
    /// 200 to 599.
    public let status: Int
    /// Names in lower case; of several values the first.
    public let fields: [String: String]
    /// Piece by piece.
    public let body: TransportBody

    /// An answer whose body is yet to come.
    public init(status: Int, fields: [String: String], body: TransportBody) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A whole answer.
    public init(status: Int, fields: [String: String] = [:], body: [UInt8]) {
        let pieces = AsyncStream<[UInt8]> { continuation in
            continuation.yield(body)
            continuation.finish()
        }
        self.init(status: status, fields: fields, body: TransportBody(pieces))
    }
}

/// The body of an answer, piece by piece as it comes.
public struct TransportBody: AsyncSequence, Sendable {
    /// What reading it throws: a ``TransportFailure``.
    public typealias Failure = TransportFailure

    private let begin: @Sendable () -> Iterator

    /// - Parameters:
    ///   - pieces: in order; to be read once.
    ///   - owner: stays for as long as they are read.
    ///   - failure: what their errors mean; each is a broken connection unless this says otherwise.
    public init<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces,
        of owner: (any AnyObject & Sendable)? = nil,
        failure: @Sendable @escaping (any Error) -> TransportFailure = { error in
            error is CancellationError ? .canceled : error as? TransportFailure ?? .unreachable("the connection broke")
        }
    ) where Pieces.Element == [UInt8] {
        begin = {
            var iterator = pieces.makeAsyncIterator()
            return Iterator { () async throws(TransportFailure) in
                defer { withExtendedLifetime(owner) {} }
                do { return try await iterator.next() } catch { throw failure(error) }
            }
        }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { begin() }

    /// A reading.
    public struct Iterator: AsyncIteratorProtocol {
        /// What reading throws.
        public typealias Failure = TransportFailure

        private let read: () async throws(TransportFailure) -> [UInt8]?

        init(_ read: @escaping () async throws(TransportFailure) -> [UInt8]?) {
            self.read = read
        }

        /// The next piece; `nil` at the end.
        public mutating func next() async throws(TransportFailure) -> [UInt8]? { try await read() }
    }
}

/// Why no answer came.
public enum TransportFailure: Error, Sendable, Equatable {
    /// No connection, or one that broke; a clause for people.
    case unreachable(String)
    /// Not in time.
    case timedOut
    /// The task that called was canceled.
    case canceled
}
