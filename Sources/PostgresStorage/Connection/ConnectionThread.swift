#if PostgreSQL
/// A connection with the thread that it keeps waiting. Opened when it is first used, and again after it was lost.
actor ConnectionThread {
    private let executor = ConnectionExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let settings: ConnectionSettings
    private var connection: PostgresConnection?

    init(_ settings: ConnectionSettings) {
        self.settings = settings
    }

    /// Gives the connection to `body` until it returns. What it leaves open is rolled back.
    ///
    /// - Throws: ``PostgresFailure`` where there is no connection; what `body` throws.
    func run<Value: Sendable>(_ body: @Sendable (PostgresConnection) throws -> Value) throws -> Value {
        let connection = try opened()
        defer { connection.leaveTransaction() }
        return try body(connection)
    }

    /// As ``run(_:)``, and once more on a new connection where an old one turns out to be lost, perhaps long since, with
    /// the server that it led to. For what may be done twice.
    func runRepeatably<Value: Sendable>(_ body: @Sendable (PostgresConnection) throws -> Value) throws -> Value {
        let isOld = connection.map { !$0.isBroken } ?? false
        do {
            return try run(body)
        } catch PostgresFailure.lost where isOld {
            return try run(body)
        }
    }

    private func opened() throws(PostgresFailure) -> PostgresConnection {
        if let connection, !connection.isBroken { return connection }
        connection = nil
        let fresh = try settings.connect()
        connection = fresh
        return fresh
    }

    func close() { connection = nil }
}
#endif
