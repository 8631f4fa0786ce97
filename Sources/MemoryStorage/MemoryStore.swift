import Domain
import Storage
import Synchronization

/// A store that is gone with its process: every transaction is committed at once.
package final class MemoryStore: Store, TablesReader {
    private let tables: Mutex<Tables>

    package init(_ tables: Tables = Tables()) {
        self.tables = Mutex(tables)
    }

    /// Everything that is committed.
    package var content: Tables { tables.withLock { $0 } }

    package func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try tables.withLock { tables throws(StoreFailure) in
            var set = tables.workingSet(footprint)
            let outcome = body(&set)
            try tables.write(set)
            return outcome
        }
    }

    package func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value { body(content) }

    package var wantsCheckpoint: Bool { false }

    package func checkpoint() async throws(StoreFailure) {}

    package func probe() async throws(StoreFailure) {}
}
