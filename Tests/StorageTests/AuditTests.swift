import Domain
import Engine
import Foundation
import GRDB
import Rows
import SQLiteStorage
import Storage
import TestSupport
import Testing

/// Whatever is done to the trail by somebody who may write to the file is found.
@Suite struct AuditTests {
    @Test func `a thousand random changes of the trail are found`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            let heads = try await AuditedBooks.make(path)
            let vandal = try Vandal(path: path, heads: heads, seed: 20_261_129)
            #expect(try vandal.report().findings.isEmpty)
            var (found, kinds) = (0, [String: Int]())
            while found < 1000 {
                guard let deed = try vandal.strike() else { continue }
                guard !deed.findings.isEmpty else {
                    Issue.record("not found: \(deed.words)")
                    return
                }
                found += 1
                kinds[deed.kind, default: 0] += 1
            }
            #expect(kinds.count == Vandal.kinds.count)
            #expect(try vandal.report().findings.isEmpty)
        }
    }

    @Test func `what is cut off, and what is made anew, is found by an exported head alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            let heads = try await AuditedBooks.make(path)
            let vandal = try Vandal(path: path, heads: heads, seed: 7)
            for sql in [
                "DELETE FROM audit_entry WHERE book = 1 AND number > 5",
                "DELETE FROM audit_entry WHERE book = 1",
            ] {
                #expect(try vandal.after(sql, against: []).findings.isEmpty)
                let findings = try vandal.after(sql, against: heads).findings
                #expect(findings.map(\.book) == [Book(1)])
                #expect(findings.first?.what.contains("ends before the exported number") == true)
            }
            let forged = """
                UPDATE event SET actor = 'key_forged' WHERE number = (SELECT min(number) + 2 FROM event WHERE book = 1)
                """
            let first = try #require(try vandal.after(forged, against: []).findings.first)
            #expect(first.what == "its hash is not that of what is there")
            #expect(try vandal.after(forged, against: [], rehashing: Book(1)).findings.isEmpty)
            let findings = try vandal.after(forged, against: heads, rehashing: Book(1)).findings
            #expect(findings.map(\.what) == ["its hash is not the one that was exported"])
        }
    }

    @Test func `the first place that differs is named, book by book`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            let vandal = try Vandal(path: path, heads: try await AuditedBooks.make(path), seed: 1)
            let report = try vandal.after(
                """
                UPDATE audit_entry SET hash = zeroblob(32) WHERE (book, number) IN ((1, 4), (1, 9), (3, 2));
                INSERT INTO event SELECT 1000000, book, randomblob(16), 1, kind, type, at, actor_kind, actor, request_id, part
                    FROM event WHERE number = (SELECT min(number) FROM event WHERE book = 1);
                """,
                against: []
            )
            #expect(report.findings.map { [$0.book.number, $0.number] } == [[1, 4], [3, 2]])
            // A row behind all others waits for its entry, as every new one does.
            #expect(report.waiting == [Book(1): 1])
            let passed = try vandal.after("DELETE FROM audit_entry WHERE book = 3 AND number = 2", against: [])
            #expect(passed.findings.map(\.what).contains("the next entry has the number 3"))
            #expect(passed.findings.contains { $0.what.hasSuffix("though others behind it have") })
        }
    }

    @Test func `storno verify proves the trail too`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            _ = try await AuditedBooks.make(path)
            let raw = try DatabaseQueue(path: path)
            try await raw.write { db in
                try db.execute(sql: "DROP TRIGGER audit_act_is_not_changed")
                try db.execute(sql: "UPDATE audit_act SET actor = 'eve' WHERE number = 1")
            }
            try raw.close()
            let findings = try await SQLiteStore(reading: path, secrets: .ofTests).verify()
            #expect(Set(findings.map(\.check)) == ["append_only", "audit_trail"])
        }
    }
}

/// Two accounts with some of everything in their trails, all of it chained.
enum AuditedBooks {
    static func make(_ path: String) async throws -> [AuditHead] {
        let store = try SQLiteStore(path: path, secrets: .ofTests)
        let heads = try await TestEngine.run(connector: ScriptedConnector(), with: store) { test in
            for account in ["other", "main"] {
                let other = try await test.engine.perform(CreateAccount(name: account, by: .operator("ada")))
                    .book(.test)
                _ = try await test.engine.perform(
                    SetAccount(name: account, settings: ["rate_limit": "1/2"], by: .operator("ada"))
                )
                for number in 0..<4 {
                    let key = CreateKey(
                        account: account,
                        mode: .test,
                        dialect: "storno",
                        credential: "storno_test_\(account)\(number)",
                        prefix: "storno_test_",
                        scopes: ["refunds:read"],
                        by: .operator("ada")
                    )
                    _ = try await test.engine.perform(RevokeKey(hash: test.engine.perform(key).hash))
                    var payment = CreatePayment(
                        origin: Origin(
                            book: other,
                            actor: Actor(.key, "key_1"),
                            requestID: "req_\(number)",
                            dialect: "storno"
                        ),
                        amount: 1000,
                        currency: Currency(code: "EUR")
                    )
                    payment.method = .card
                    payment.settlesAtOnce = true
                    let paid = try await test.engine.perform(payment).payment
                    _ = try await test.engine.perform(
                        CreateRefund(
                            origin: payment.origin,
                            payment: ObjectName(.payment, paid.id.raw, in: other),
                            amount: Amount(minorUnits: 3)
                        )
                    )
                }
            }
            try await AuditChainer(engine: test.engine).work()
            return try await test.store.verifyAudit(against: []).heads.map(\.head)
        }
        try store.close()
        return heads
    }
}
