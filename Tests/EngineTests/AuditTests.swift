import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

/// Whatever somebody does leaves a row that names them.
@Suite struct AuditTests {
    /// Chains everything, also where other transactions of the same server have to end first.
    private func chain(_ test: TestEngine, _ books: [Book]) async throws {
        for book in books {
            while true {
                try await AuditChainer(engine: test.engine).work()
                let left = try await test.store.auditBacklog(of: book, limit: 1)
                if left.isWhole, left.records.isEmpty { break }
            }
        }
    }

    /// What is done in a book adds to its trail, and by whom.
    private func trail(_ test: TestEngine, _ body: () async throws -> Void) async throws -> [AuditRecord] {
        try await chain(test, [test.book])
        let before = try await test.store.auditHead(of: test.book)?.number
        try await body()
        try await chain(test, [test.book])
        return try await test.store
            .auditEntries(
                in: AuditRange(test.book, .oldestFirst, after: before ?? 0, limit: 100)
            )
            .map(\.record)
    }

    @Test func `accounts, settings and keys are told by acts, with who did it`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let author = Author(Actor(.key, "key_7"), requestID: "req_9")
            let made = try await trail(test) {
                _ = try await test.engine.perform(
                    SetAccount(name: "main", settings: ["rate_limit": "1/2", "x": nil], by: author)
                )
                let key = CreateKey(
                    account: "main",
                    mode: .test,
                    dialect: "storno",
                    credential: "storno_test_x",
                    prefix: "storno_test_",
                    scopes: ["b:read", "a:read"],
                    by: author
                )
                _ = try await test.engine.perform(key)
                _ = try await test.engine.perform(key)
                for _ in 0..<2 { _ = try await test.engine.perform(RevokeKey(hash: key.hash, by: author)) }
            }
            #expect(made.map(\.action) == ["account.settings_changed", "api_key.created", "api_key.revoked"])
            #expect(made.allSatisfy { $0.actor == "key_7" && $0.actorKind == "key" && $0.requestID == "req_9" })
            #expect(made[0].part == #"{"rate_limit":"1/2","x":""}"#)
            #expect(made[1].part == #"{"dialect":"storno","prefix":"storno_test_","scopes":"a:read b:read"}"#)
            #expect(made[1].object == made[2].object)
            // A new account stands in both of its books.
            let account = try await test.engine.perform(CreateAccount(name: "new", by: .operator("ada")))
            try await chain(test, Mode.allCases.map { account.book($0) })
            for mode in Mode.allCases {
                let entries = try await test.store.auditEntries(
                    in: AuditRange(account.book(mode), .oldestFirst, limit: 9)
                )
                #expect(entries.map(\.record.action) == ["account.created"])
                #expect(entries.map(\.record.actor) == ["ada"])
            }
        }
    }

    @Test func `every step of a refund is in the trail, whoever takes it`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let policy = RefundPolicy(AccountSettings(["approval_above": "0"]))
            let payment = try await test.payment(100)
            let waiting = try await test.refund(payment, 10, policy: policy)
            let approved = try await trail(test) {
                _ = try await test.engine.perform(
                    DecideApproval(
                        origin: test.operatorOrigin,
                        refund: test.name(waiting.id),
                        isApproved: true,
                        note: nil,
                        policy: RefundPolicy()
                    )
                )
            }
            #expect(approved.map(\.action) == ["refund.queued"])
            #expect(approved.map(\.actor) == ["ada"])
            let other = try await test.refund(payment, 10)
            let canceled = try await trail(test) {
                _ = try await test.engine.perform(
                    CancelRefund(origin: test.operatorOrigin, refund: test.name(other.id))
                )
            }
            #expect(canceled.map(\.action) == ["refund.canceled"])
            let aliased = try await trail(test) {
                _ = try await test.engine.perform(
                    AddAlias(
                        object: test.name(other.id),
                        spelling: Spelling(dialect: "storno", text: "old"),
                        by: .operator("ada")
                    )
                )
            }
            #expect(aliased.map(\.action) == ["alias.added"])
            #expect(aliased.map(\.object) == [ObjectReference(.refund, other.id.raw).hexadecimal])
        }
    }

    @Test func `a revoked key leaves no heir`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            func key(_ text: String) -> CreateKey {
                CreateKey(
                    account: "main",
                    mode: .test,
                    dialect: "storno",
                    credential: text,
                    prefix: "storno_test_",
                    scopes: []
                )
            }
            let maker = try await test.engine.perform(key("maker"))
            var heir = key("heir")
            heir.maker = maker.hash
            _ = try await test.engine.perform(heir)
            _ = try await test.engine.perform(RevokeKey(hash: maker.hash))
            var second = key("second")
            second.maker = maker.hash
            await #expect(throws: EngineFailure.keyInvalid) { try await test.engine.perform(second) }
            #expect(try await test.store.apiKeys().count == 2)
        }
    }

    @Test func `what was chained already is not chained again, also by two at once`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            for _ in 0..<5 { _ = try await test.refund(test.payment(100), 10) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 { try await AuditChainer(engine: test.engine).work() }
                    }
                }
                try await group.waitForAll()
            }
            try await chain(test, [test.book])
            let report = try await test.store.verifyAudit(against: [])
            #expect(report.findings.isEmpty)
            #expect(report.waiting[test.book] == nil)
            #expect(try await test.store.verify().isEmpty)
        }
    }
}
