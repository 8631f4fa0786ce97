#if PostgreSQL
extension PostgresStore {
    /// The names of the migrations that opening the database for writing would do.
    ///
    /// - Throws: ``PostgresOpenFailure``.
    package static func pendingMigrations(of target: String) async throws -> [String] {
        let settings = ConnectionSettings(target: target, schema: nil)
        let place = ConnectionSettings.place(of: target)
        return try await opening(place) {
            try await ConnectionThread(settings)
                .run { connection in try Migrations.pending(connection, place).map(\.name) }
        }
    }
}
#endif
