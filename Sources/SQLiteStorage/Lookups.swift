import GRDB
import NIOConcurrencyHelpers

/// Connections for whoever looks a few rows up on its own thread, in turn, each opened when its turn first comes: a pool would
/// look for one that is free, and at the schema, which costs more than the rows do.
final class Lookups: Sendable {
    private struct State {
        var turn = 0
        var connections: [DatabaseQueue?]
    }

    private let path: String
    private let configuration: Configuration
    private let state: NIOLockedValueBox<State>

    init(_ path: String, _ configuration: Configuration, count: Int) {
        self.path = path
        self.configuration = configuration
        state = NIOLockedValueBox(State(connections: Array(repeating: nil, count: count)))
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try next().unsafeRead(body) }

    private func next() throws -> DatabaseQueue {
        try state.withLockedValue { state in
            state.turn = (state.turn + 1) % state.connections.count
            if let known = state.connections[state.turn] { return known }
            let opened = try DatabaseQueue(path: path, configuration: configuration)
            state.connections[state.turn] = opened
            return opened
        }
    }

    func close() throws {
        for connection in state.withLockedValue(\.connections) { try connection?.close() }
    }
}
