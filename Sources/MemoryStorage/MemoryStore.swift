import Domain
import NIOConcurrencyHelpers
import Storage

/// A store that is gone with its process: every transaction is committed at once.
package final class MemoryStore: Store, TablesReader {
    private let tables: NIOLockedValueBox<Tables>
    package let secrets: Secrets

    package init(_ tables: Tables = Tables(), secrets: Secrets) {
        self.tables = NIOLockedValueBox(tables)
        self.secrets = secrets
    }

    /// Everything that is committed.
    package var content: Tables { tables.withLockedValue { $0 } }

    package func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try tables.withLockedValue { tables in
            Result { () throws(StoreFailure) in
                var set = tables.workingSet(footprint)
                let outcome = body(&set)
                try tables.write(set)
                return outcome
            }
        }
        .get()
    }

    package func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value { body(content) }

    package var wantsCheckpoint: Bool { false }

    package func checkpoint() async throws(StoreFailure) {}

    package func probe() async throws(StoreFailure) {}
}
