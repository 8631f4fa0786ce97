#if PostgreSQL
import Domain
import Rows
import Storage

/// PostgreSQL as the one thing that any number of processes share.
///
/// One connection writes, a few read, one listens for what other nodes did, one does what is committed by itself.
package final class PostgresStore: Books {
    let settings: ConnectionSettings
    let writer: ConnectionThread
    let aside: ConnectionThread
    let readers: ReaderPool
    let rows: RowStatements
    package let sealer: Sealer
    package let place: String
    let leftOut = LeftOut()
    let health = WriteHealth()
    let bell = Doorbell()
    /// Names this process among the nodes; its row holds the number of the last batch that it committed.
    let node: UInt128

    package var isSealed: Bool { sealer.secrets == nil }

    package var secrets: Secrets {
        guard let secrets = sealer.secrets else { preconditionFailure("a store that is written to has its key") }
        return secrets
    }

    /// Connects for writing: brings the schema up to date, while other nodes wait, and binds the database to the master
    /// key that seals and recognises things in it.
    ///
    /// - Parameters:
    ///   - target: a connection string or URI, as libpq takes it.
    ///   - schema: where the tables are, if not where the server looks by itself; made if it is not there.
    ///   - isForCopy: also where books are still being copied into it.
    ///   - secrets: is told whether the database was written with a key before, so that none is made then.
    /// - Throws: ``PostgresOpenFailure``, saying what to do; what `secrets` throws.
    package static func open(
        _ target: String,
        schema: String? = nil,
        isForCopy: Bool = false,
        secrets: @Sendable @escaping (_ isBound: Bool) throws -> Secrets
    ) async throws -> PostgresStore {
        let settings = ConnectionSettings(target: target, schema: schema)
        let place = ConnectionSettings.place(of: target)
        let node = UInt128.random(in: 1 ... .max)
        let (rows, key) = try await opening(place) {
            // A migration may take long, and another node's is waited for.
            try await ConnectionThread(settings.patient)
                .run { connection in
                    try ServerCheck.check(connection, place)
                    if let schema { try connection.script("CREATE SCHEMA IF NOT EXISTS \"\(schema)\"") }
                    var bound: Secrets?
                    func key() throws -> Secrets {
                        let key = try bound ?? bind(connection, place, secrets)
                        bound = key
                        return key
                    }
                    return try Migrations.migrate(connection, place, secrets: key) {
                        if !isForCopy { try refuseHalf(connection, place) }
                        let key = try key()
                        try join(node, connection)
                        return (try RowStatements(readingTypes: connection), key)
                    }
                }
        }
        return PostgresStore(settings, place, rows, Sealer(secrets: key), node)
    }

    /// Connects for reading only.
    ///
    /// - Parameter secrets: `nil` to leave sealed what is.
    /// - Throws: ``PostgresOpenFailure``, saying what to do.
    package static func open(
        reading target: String,
        schema: String? = nil,
        secrets: Secrets?
    ) async throws -> PostgresStore {
        let settings = ConnectionSettings(target: target, schema: schema)
        let place = ConnectionSettings.place(of: target)
        let rows = try await opening(place) {
            try await ConnectionThread(settings)
                .run { connection in
                    guard try Migrations.pending(connection, place).isEmpty else {
                        throw PostgresOpenFailure.olderSchema(place)
                    }
                    if let known = try keyID(connection), let secrets, known != secrets.id {
                        throw PostgresOpenFailure.wrongSecretKey(place)
                    }
                    return try RowStatements(readingTypes: connection)
                }
        }
        return PostgresStore(settings, place, rows, Sealer(secrets: secrets), 0)
    }

    private init(
        _ settings: ConnectionSettings,
        _ place: String,
        _ rows: RowStatements,
        _ sealer: Sealer,
        _ node: UInt128
    ) {
        self.settings = settings
        self.place = place
        self.rows = rows
        self.sealer = sealer
        self.node = node
        writer = ConnectionThread(settings)
        aside = ConnectionThread(settings)
        readers = ReaderPool(settings, count: 4)
    }

    static func opening<Value>(_ place: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as PostgresFailure {
            switch failure {
            case .lost(let words), .unreachable(let words):
                throw PostgresOpenFailure.unreachable(place, reason: words)
            case .refused(let state, let words):
                throw PostgresOpenFailure.unsuitable(place, reason: "PostgreSQL says \(words) (\(state))")
            }
        }
    }

    /// How a target is named for people, without its password.
    package static func place(of target: String) -> String { ConnectionSettings.place(of: target) }

    /// Which of a total's places this process adds to.
    var slot: Int64 { Int64(node % 64) }

    package func leave() async { await close() }

    /// Closes every connection; nothing can be read or written any more.
    package func close() async {
        await writer.close()
        await aside.close()
        await readers.close()
    }
}

// MARK: - Taking part

extension PostgresStore {
    private static func keyID(_ connection: PostgresConnection) throws -> String? {
        try connection.execute(Statement("SELECT value FROM meta WHERE name = 'secret_key'"))
            .map(of: "meta") { try $0.text() }.first
    }

    private static func refuseHalf(_ connection: PostgresConnection, _ place: String) throws {
        let rows = try connection.execute(Statement("SELECT value FROM meta WHERE name = 'copying'"))
        guard rows.count == 0 else { throw PostgresOpenFailure.halfCopied(place) }
    }

    private static func bind(
        _ connection: PostgresConnection,
        _ place: String,
        _ secrets: (_ isBound: Bool) throws -> Secrets
    ) throws -> Secrets {
        let known = try keyID(connection)
        let key = try secrets(known != nil)
        guard known == nil || known == key.id else { throw PostgresOpenFailure.wrongSecretKey(place) }
        if known == nil {
            let sql = "INSERT INTO meta (name, value) VALUES ('secret_key', $1::text)"
            try connection.execute(Statement(sql, [.value(.text(key.id))]))
        }
        return key
    }

    /// The node's own row is there before its first batch. Those of nodes that are long gone go.
    private static func join(_ node: UInt128, _ connection: PostgresConnection) throws {
        _ = try connection.pipeline([
            Statement("DELETE FROM node WHERE seen_at < now() - interval '30 days'"),
            Statement("INSERT INTO node (id, batch) VALUES ($1::bytea, 0)", [.value(.id(node))]),
        ])
    }
}
#endif
