import Foundation

/// What happens with a ``LiveStream`` besides its items.
public enum StreamNotice: Sendable, Equatable {
    /// It is open: what is told from now on will be in it.
    case connected
    /// It broke, and will be opened again after a pause.
    case interrupted(StornoError, pause: Duration)
}

/// What a server tells as it happens, for as long as somebody listens.
///
/// A connection that breaks is opened again behind the last item, so that nothing is lost and nothing told twice. Before it
/// was ever open, that is tried as often as other calls are; after that, for as long as it takes. It ends with an error
/// where the server refuses it for good, as when its key is revoked.
public struct LiveStream<Item: Decodable & Sendable>: AsyncSequence, Sendable {
    /// What listening throws.
    public typealias Failure = StornoError

    let wire: Wire
    let call: Call
    let after: String?
    let notice: (@Sendable (StreamNotice) -> Void)?

    /// Begins to listen.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    /// Somebody who listens.
    public struct Iterator: AsyncIteratorProtocol {
        /// What listening throws.
        public typealias Failure = StornoError

        private let stream: LiveStream
        private var connection: TransportBody.Iterator?
        private var parser = ServerSentEvents()
        private var waiting: ArraySlice<Item> = []
        private var lastID: String?
        private var failures = 0
        private var wasOpen = false

        init(stream: LiveStream) {
            self.stream = stream
            lastID = stream.after
        }

        /// The next item; never `nil`.
        public mutating func next() async throws(StornoError) -> Item? {
            while true {
                if let item = waiting.popFirst() { return item }
                do throws(StornoError) {
                    if connection == nil { try await connect() }
                    try await read()
                } catch {
                    connection = nil
                    try await recover(from: error)
                }
            }
        }

        private mutating func connect() async throws(StornoError) {
            var fields = [(name: "accept", value: "text/event-stream")]
            if let lastID { fields.append(("last-event-id", lastID)) }
            let answer = try await stream.wire.open(stream.call, fields: fields)
            connection = answer.body.makeAsyncIterator()
            parser = ServerSentEvents()
            wasOpen = true
            stream.notice?(.connected)
        }

        private mutating func read() async throws(StornoError) {
            var reading = connection
            let piece: [UInt8]?
            do { piece = try await reading?.next() } catch { throw StornoError(error) }
            connection = reading
            // Nothing comes any more: the server stops, or the key has ended. Asking again tells.
            guard let piece else {
                guard !Task.isCancelled else { throw .canceled }
                throw .unreachable("the stream ended")
            }
            guard let frames = try? parser.take(piece) else {
                throw .unreadable(status: 200, requestID: nil, reason: "what is streamed has no end")
            }
            failures = 0
            var items: [Item] = []
            for frame in frames {
                do {
                    items.append(try StornoCoding.decoder().decode(Item.self, from: Data(frame.data.utf8)))
                } catch {
                    throw .unreadable(status: 200, requestID: nil, reason: "what is streamed is no such thing")
                }
                lastID = frame.id ?? lastID
            }
            waiting = items[...]
        }

        private mutating func recover(from error: StornoError) async throws(StornoError) {
            failures += 1
            guard error.mayPass, wasOpen || failures <= stream.wire.options.retries else { throw error }
            let backoff = stream.wire.pause(failures, error.retryAfter) ?? stream.wire.options.longestPause
            let pause = failures == 1 && error.retryAfter == nil ? parser.retry ?? backoff : backoff
            stream.notice?(.interrupted(error, pause: pause))
            try await stream.wire.sleep(pause)
        }
    }
}
