import GRDB
import Synchronization

/// Connections for whoever looks a few rows up on its own thread, one after the other: a pool would look for one that is free,
/// and at the schema, which costs more than the rows do.
final class Lookups: Sendable {
    private let connections: [DatabaseQueue]
    private let turn = Atomic<UInt>(0)

    init(_ path: String, _ configuration: Configuration, count: Int) throws {
        connections = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return try connections[Int(turn % UInt(connections.count))].unsafeRead(body)
    }

    func close() throws {
        for connection in connections { try connection.close() }
    }
}
