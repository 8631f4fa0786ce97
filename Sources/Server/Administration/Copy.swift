import Domain
import PostgresStorage
import Rows
import SQLiteStorage
import Storage

/// `storno copy`: moves the books of a grown installation from its file to PostgreSQL.
package enum Copy {
    /// How far it has come, in rows.
    package struct Progress: Sendable {
        package let table: String
        package let done: Int
        package let total: Int
    }

    private static let step = 5000

    #if PostgreSQL
    /// Copies everything, proves both sides, and closes the file for servers. Cut off anywhere, it goes on where it was
    /// when it is called again.
    ///
    /// - Parameter tell: is told now and then.
    /// - Returns: how many rows there are.
    /// - Throws: ``AdminRefusal`` when the two sides do not agree; what opening them throws.
    package static func run(
        _ settings: Settings,
        from path: String,
        to target: String,
        tell: @Sendable (Progress) -> Void
    ) async throws -> Int {
        let key: @Sendable (Bool) throws -> Secrets = { _ in
            try SecretKeyFile.load(settings.secretKeyFile, mayMake: false)
        }
        // Opened for writing: no server is at work on it meanwhile.
        let source = try SQLiteStore(path: path, movedTo: PostgresStore.place(of: target), secrets: key)
        let store = try await PostgresStore.open(target, isForCopy: true, secrets: key)
        guard try await store.beginTaking(from: source.path) else {
            // Cut off behind its last step: nothing is left to do.
            if try await source.newPlace() == store.place { return try await rowCount(of: source) }
            throw AdminRefusal(
                "There are books in \(store.place) already: copy into an empty database. Nothing was changed."
            )
        }
        try await prove(source, "The file")
        let total = try await move(from: source, to: store, tell)
        try await prove(store, "The copy")
        // In this order: at no moment can servers use both.
        try await source.handOver(to: store.place)
        try await store.endTaking(at: try await source.latestMoment())
        await store.close()
        try source.close()
        return total
    }

    private static func move(
        from source: SQLiteStore,
        to store: PostgresStore,
        _ tell: @Sendable (Progress) -> Void
    ) async throws -> Int {
        let total = try await rowCount(of: source)
        var done = 0
        for table in CopiedTable.all {
            var last = try await store.lastTaken(of: table)
            done += try await store.count(of: table)
            tell(Progress(table: table.name, done: done, total: total))
            while true {
                let rows = try await source.rows(of: table, after: last, limit: step)
                guard let newest = rows.last else { break }
                try await store.take(rows, of: table)
                last = Array(newest.prefix(table.keyCount))
                done += rows.count
                tell(Progress(table: table.name, done: done, total: total))
            }
            guard try await store.count(of: table) == source.count(of: table) else {
                throw AdminRefusal(
                    "The copy has another number of rows in \(table.name) than the file. Nothing uses it yet."
                )
            }
        }
        return total
    }

    private static func rowCount(of source: SQLiteStore) async throws -> Int {
        var total = 0
        for table in CopiedTable.all { total += try await source.count(of: table) }
        return total
    }

    private static func prove(_ books: any Books, _ side: String) async throws {
        let findings = try await books.verify()
        guard findings.isEmpty else {
            throw AdminRefusal(
                "\(side) has \(findings.count) findings of `storno verify`, the first: \(findings[0].check). Mend that first."
            )
        }
    }
    #endif
}
