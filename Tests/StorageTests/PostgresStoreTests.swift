#if PostgreSQL
import ConnectorKit
import Domain
import Engine
import Foundation
import Logging
import Rows
import Storage
import TestSupport
import Testing

@testable import PostgresStorage

@Suite struct PostgresStoreTests {
    @Test func `it does what every store owes`() async throws {
        try await TestDatabase.withPostgres { store in try await StoreConformance.check(store) }
    }

    @Test func `two nodes that start at once on an empty database both come up`() async throws {
        try await TestDatabase.withSchema { server, schema in
            async let first = PostgresStore.open(server, schema: schema) { _ in .ofTests }
            async let second = PostgresStore.open(server, schema: schema) { _ in .ofTests }
            for store in try await [first, second] {
                #expect(try await store.accounts().isEmpty)
                #expect(try await store.verify().isEmpty)
                await store.close()
            }
        }
    }

    @Test func `another secret key is refused`() async throws {
        try await TestDatabase.withSchema { server, schema in
            try await PostgresStore.open(server, schema: schema) { _ in .ofTests }.close()
            let other = Secrets(bytes: Array(repeating: 8, count: 32))
            await #expect(throws: PostgresOpenFailure.self) {
                try await PostgresStore.open(server, schema: schema) { isBound in
                    #expect(isBound)
                    return other
                }
            }
        }
    }

    @Test func `the schema of a newer program is refused, and an older one by readers`() async throws {
        try await TestDatabase.withSchema { server, schema in
            let store = try await PostgresStore.open(server, schema: schema) { _ in .ofTests }
            try await store.writer.run { connection in
                try connection.script("CREATE TEMP TABLE newest AS SELECT max(name) AS name FROM migration")
                try connection.script("DELETE FROM migration WHERE name IN (SELECT name FROM newest)")
            }
            let older = await #expect(throws: PostgresOpenFailure.self) {
                try await PostgresStore.open(reading: server, schema: schema, secrets: nil)
            }
            #expect(older?.description.contains("storno migrate") == true)
            try await store.writer.run { connection in
                try connection.script("INSERT INTO migration (name) SELECT name FROM newest UNION ALL SELECT '9999'")
            }
            let newer = await #expect(throws: PostgresOpenFailure.self) {
                try await PostgresStore.open(server, schema: schema) { _ in .ofTests }
            }
            #expect(newer?.description.contains("newer") == true)
            await store.close()
        }
    }

    @Test(arguments: [
        "UPDATE event SET type = 'x'", "DELETE FROM event", "TRUNCATE event", "UPDATE entry SET amount = 1",
        "DELETE FROM audit_act", "UPDATE audit_entry SET number = 2", "DELETE FROM entry", "DELETE FROM evidence",
        "UPDATE capture SET amount = 1", "TRUNCATE alias",
    ])
    func `the database itself refuses to rewrite history`(sql: String) async throws {
        try await TwoNodes.run { nodes in
            let payment = try await nodes.first.payment(1000)
            _ = try await nodes.first.refund(payment, 10)
            await #expect(throws: (any Error).self) {
                try await nodes.first.store.writer.run {
                    try $0.script("SET session_replication_role = origin; \(sql)")
                }
            }
        }
    }

    @Test func `a password is in no name of a place`() {
        let place = ConnectionSettings.place(of: "postgres://me:s3cret@one:1,two:2/books?sslmode=require")
        #expect(place == "postgres://one:1,two:2/books")
    }

    @Test func `every value comes back as it was`() async throws {
        try await TestDatabase.withSchema { server, _ in
            let connection = ConnectionThread(ConnectionSettings(target: server, schema: nil))
            let texts = ["", "é\"\\{},", "null", "🜨"].map { StoredValue.characters($0) } + [.null]
            let found = try await connection.run { connection in
                let statement = Statement(
                    "SELECT a, b, c FROM unnest($1::int8[], $2::text[], $3::bytea[]) AS t (a, b, c)",
                    [
                        .array([.number(.min), .number(.max), .number(0), .null, .number(-1)], .int8),
                        .array(texts, .text),
                        .array(
                            [
                                .bytes(Data()), .bytes(Data([0, 255])), .null,
                                .bytes(Data(repeating: 7, count: 70_000)),
                            ],
                            .bytea
                        ),
                    ]
                )
                return try connection.execute(statement)
                    .map(of: "t") { columns in
                        var copy = columns
                        return (try? copy.optionalText(), columns.damaged("").reason)
                    }
                    .count
            }
            #expect(found == 5)
            let rows = try await connection.run { connection in
                try connection.execute(Statement("SELECT b FROM unnest($1::text[]) AS t (b)", [.array(texts, .text)]))
                    .map(of: "t") { try $0.optionalText() }
            }
            #expect(rows == ["", "é\"\\{},", "null", "🜨", nil])
            let bytes = try await connection.run { connection in
                try connection.execute(
                    Statement(
                        "SELECT $1::bytea, $2::int8",
                        [.value(.bytes(Data([0, 255]))), .value(.number(.min + 1))]
                    )
                )
                .map(of: "t") { try $0.data() }
            }
            #expect(bytes == [Data([0, 255])])
        }
    }
}
#endif
