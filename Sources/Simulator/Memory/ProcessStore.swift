import Domain
import MemoryStorage
import Storage

/// The database as one process reaches it.
struct ProcessStore: Store, TablesReader {
    let database: MemoryDatabase
    let process: Process
    var secrets = Node.secrets

    func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try await database.transact(process, footprint, body)
    }

    func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value {
        try database.read(process, body)
    }

    var wantsCheckpoint: Bool { false }

    func checkpoint() async throws(StoreFailure) {}

    func probe() async throws(StoreFailure) { _ = try await transact(Footprint()) { _ in true } }
}
