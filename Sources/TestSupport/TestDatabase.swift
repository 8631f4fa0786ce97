import Foundation
import PostgresStorage
import Rows
import SQLiteStorage
import Storage

/// A database of a test's own: on SQLite, or, where `STORNO_TEST_STORE` says `postgres`, on the server that
/// `STORNO_TEST_POSTGRES` names (`scripts/with-postgres` starts one).
package enum TestDatabase: Sendable {
    /// Whichever the run of the tests is for.
    case chosen
    /// For what is about the file.
    case sqlite

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address of the PostgreSQL server for tests.
    ///
    /// - Throws: ``NoTestServer``: a test that needs one does not pass without.
    private static func server() throws -> String {
        guard let server = environment("STORNO_TEST_POSTGRES") else { throw NoTestServer() }
        return server
    }

    private static var isOnPostgres: Bool { environment("STORNO_TEST_STORE") == "postgres" }

    package func withStore<Value: Sendable>(
        _ body: @Sendable (any Books) async throws -> Value
    ) async throws -> Value {
        #if PostgreSQL
        if self == .chosen, Self.isOnPostgres { return try await Self.withPostgres(body) }
        #endif
        return try await withTemporaryDirectory { directory in
            try await body(try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests))
        }
    }

    #if PostgreSQL
    package static func withPostgres<Value: Sendable>(
        _ body: @Sendable (any Books) async throws -> Value
    ) async throws -> Value {
        try await withSchema { server, schema in
            let store = try await PostgresStore.open(server, schema: schema) { _ in .ofTests }
            let value = try await body(store)
            await store.close()
            return value
        }
    }

    /// Names a schema that no other test has. Not too many tests at a time: each has some connections.
    package static func withSchema<Value: Sendable>(
        _ body: @Sendable (_ server: String, _ schema: String) async throws -> Value
    ) async throws -> Value {
        let server = try server()
        await Places.shared.take()
        do {
            let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
            let value = try await body(server, schema)
            await Places.shared.giveBack()
            return value
        } catch {
            await Places.shared.giveBack()
            throw error
        }
    }
    #endif
}

package struct NoTestServer: Error, CustomStringConvertible {
    package var description: String {
        "this test needs a PostgreSQL server: run it by scripts/with-postgres, or name one in STORNO_TEST_POSTGRES"
    }
}

/// How many tests may use the server at a time.
private actor Places {
    static let shared = Places(8)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
