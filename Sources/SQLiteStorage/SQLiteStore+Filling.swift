import Domain
import Foundation
import GRDB
import NIOConcurrencyHelpers
import Rows
import Storage

/// A great many rows into a file that nobody serves yet: the indexes that only readers need come last.
///
/// Which ones are gone, and how they are made, stands in the file itself. So whoever opens it for writing after a crash
/// makes them first, and no server works without one that keeps something unique.
extension SQLiteStore {
    /// Those that the deciding of history reads by stay.
    private static let builtLast = [
        "event_by_book", "event_by_object", "payment_by_customer", "payment_by_order_reference", "payment_by_pot",
        "refund_by_customer", "refund_by_pot",
    ]

    /// Nobody else needs the memory yet, and what comes next to a row is often a row that was just written.
    private static let cacheKilobytes = 262_144

    package func beginFilling(expecting rows: Int) async throws(StoreFailure) -> Bool {
        let begins = try await writing { db in
            // What is there is indexed once more at the end: only where more comes is that less work.
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM search_entry") ?? 0
            guard count <= rows, try db.holdsHistoryAlone() else { return false }
            var makings: [String] = []
            for index in Self.builtLast {
                let sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"
                guard let making = try String.fetchOne(db, sql: sql, arguments: [index]) else { continue }
                makings.append(making)
                try db.execute(sql: "DROP INDEX \(index)")
            }
            let kept = String(decoding: try JSONEncoder().encode(makings), as: UTF8.self)
            try db.execute(sql: "INSERT INTO meta (name, value) VALUES ('filling', ?)", arguments: [kept])
            return true
        }
        guard begins else { return false }
        try await onWriter { db in try db.execute(sql: "PRAGMA cache_size = -\(Self.cacheKilobytes)") }
        filling.withLockedValue { $0 = true }
        return true
    }

    package func endFilling() async throws(StoreFailure) {
        guard filling.withLockedValue({ $0 }) else { return }
        try await writing { db in try db.endFilling() }
        filling.withLockedValue { $0 = false }
    }

    /// Whether an import is under way, or was cut off.
    package func isBeingFilled() async throws(StoreFailure) -> Bool {
        try await reading { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'filling')") ?? false
        }
    }

    package func look(at footprint: Footprint) async throws(StoreFailure) -> WorkingSet {
        try await reading { [sealer, leftOut] db in
            try WorkingSet.loading(footprint, from: db, sealer, leftOut)
        }
    }

    package func walk<Value: Sendable>(
        _ body: @Sendable @escaping (any RowWalk, Sealer) throws -> Value
    ) async throws(StoreFailure) -> Value {
        try await reading { [sealer] db in try body(SQLiteWalk(db: db), sealer) }
    }
}

extension Database {
    /// Whether nothing has happened here but that history was imported: nobody serves these books yet.
    fileprivate func holdsHistoryAlone() throws -> Bool {
        let other = "SELECT EXISTS (SELECT 1 FROM event WHERE type NOT LIKE '%.imported')"
        return try Bool.fetchOne(self, sql: other) == false
    }

    /// Makes what an import left out; nothing where none did.
    func endFilling() throws {
        guard try tableExists("meta"),
            let kept = try String.fetchOne(self, sql: "SELECT value FROM meta WHERE name = 'filling'")
        else { return }
        for making in try JSONDecoder().decode([String].self, from: Data(kept.utf8)) { try execute(sql: making) }
        try execute(
            sql: """
                INSERT INTO search_index (search_index) VALUES ('rebuild');
                DELETE FROM meta WHERE name = 'filling';
                """
        )
    }
}
