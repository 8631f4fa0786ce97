import Domain
import NIOConcurrencyHelpers
import Storage

/// How many streams are open, of each key and in all, and whether they may go on.
package final class OpenStreams: Sendable {
    package static let mostOfKey = 16
    package static let most = 256

    package enum Refusal: Error {
        /// The key has as many as it may have.
        case keyHasEnough
        /// The server has, or is about to stop.
        case serverHasEnough
    }

    private struct State {
        var ofKey: [Digest256: Int] = [:]
        var count = 0
        var isClosed = false
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    var isClosed: Bool { state.withLockedValue(\.isClosed) }

    /// No stream is opened any more, and those that are open end.
    func close() { state.withLockedValue { $0.isClosed = true } }

    /// A place, as long as somebody holds it.
    package func place(for key: APIKey) throws(Refusal) -> Place {
        let refusal = state.withLockedValue { state -> Refusal? in
            let ofKey = state.ofKey[key.hash] ?? 0
            guard ofKey < Self.mostOfKey else { return .keyHasEnough }
            guard state.count < Self.most, !state.isClosed else { return .serverHasEnough }
            state.ofKey[key.hash] = ofKey + 1
            state.count += 1
            return nil
        }
        if let refusal { throw refusal }
        return Place(self, key.hash)
    }

    private func giveBack(_ hash: Digest256) {
        state.withLockedValue { state in
            let left = (state.ofKey[hash] ?? 1) - 1
            state.ofKey[hash] = left > 0 ? left : nil
            state.count -= 1
        }
    }

    package final class Place: Sendable {
        private let streams: OpenStreams
        private let hash: Digest256

        fileprivate init(_ streams: OpenStreams, _ hash: Digest256) {
            self.streams = streams
            self.hash = hash
        }

        deinit { streams.giveBack(hash) }
    }
}

extension Engine {
    /// Whether a stream that this key opened goes on: it ends with the key, and before the server stops.
    package func mayStream(_ key: APIKey) -> Bool { !streams.isClosed && directory.isInUse(key, at: time.now) }

    /// Ends every stream, so that the server can stop.
    package func endStreams() {
        streams.close()
        execution.bell.ringAll()
    }
}
