import Domain
import Foundation
import GRDB
import NIOConcurrencyHelpers
import Rows
import Storage

extension SQLiteStore {
    /// Works on the caller's thread, which waits for the disk: ``Execution`` has one of its own.
    package func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try here { [sealer, leftOut, filling, health] db in
            try db.transaction(health) {
                var set = try WorkingSet.loading(footprint, from: db, sealer, leftOut)
                let outcome = body(&set)
                try set.write(to: db, sealer, isFilling: filling.withLockedValue { $0 })
                return outcome
            }
        }
    }

    /// One transaction, durable when this returns.
    ///
    /// - Throws: what went wrong, also if it was in an earlier transaction, after which nothing may be written.
    func writing<Outcome: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try await onWriter { [health] db in try db.transaction(health) { try body(db) } }
    }

    /// On the caller's thread.
    private func here<Outcome>(_ body: (Database) throws -> Outcome) throws(StoreFailure) -> Outcome {
        do {
            return try pool.writeWithoutTransaction(body)
        } catch {
            throw health.failed((error as? StoreFailure) ?? StoreFailure(writing: error))
        }
    }

    /// On a thread of the pool's, for whoever must not keep its own waiting.
    func onWriter<Outcome: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        let result: Result<Outcome, StoreFailure> = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { [health] db in
                do {
                    continuation.resume(returning: .success(try body(db)))
                } catch {
                    let failure = (error as? StoreFailure) ?? StoreFailure(writing: error)
                    continuation.resume(returning: .failure(health.failed(failure)))
                }
            }
        }
        return try result.get()
    }

    package var wantsCheckpoint: Bool { health.wantsCheckpoint }

    package func checkpoint() async throws(StoreFailure) {
        try here { [health] db in
            _ = try db.checkpoint(.passive)
            health.checkpointed()
        }
    }
}

extension Database {
    fileprivate func transaction<Outcome>(_ health: WriteHealth, _ body: () throws -> Outcome) throws -> Outcome {
        if let fatal = health.fatal { throw fatal }
        do {
            try cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute()
            let outcome = try body()
            try cachedStatement(sql: "COMMIT TRANSACTION").execute()
            health.wrote()
            return outcome
        } catch {
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}

extension WorkingSet {
    /// Writes what the decisions left. Referred rows come before those that refer to them.
    ///
    /// - Parameter isFilling: whether the index of the search is made later.
    fileprivate func write(to db: Database, _ sealer: Sealer, isFilling: Bool) throws {
        let texts = StatementTexts.shared
        for account in accounts.insertedRows { try db.insert(account) }
        for account in accounts.updatedRows { try db.replaceSettings(of: account) }
        for key in apiKeys.insertedRows { try APIKeyRow(key).insert(db, texts) }
        for key in apiKeys.updatedRows { try APIKeyRow(key).update(db, texts) }
        for person in persons.insertedRows { try PersonRow(person, sealer).insert(db, texts) }
        try customers.write(to: db, texts)
        try cards.write(to: db, texts)
        try pots.write(to: db, texts)
        try payments.write(to: db, texts)
        for capture in captures { try capture.insert(db, texts) }
        try refunds.write(to: db, texts)
        try attempts.write(to: db, texts)
        for fact in evidence { try fact.insert(db, texts) }
        try disputes.write(to: db, texts)
        for facet in facets.insertedRows { try FacetRow(facet).insert(db, texts) }
        for facet in facets.updatedRows { try FacetRow(facet).update(db, texts) }
        for note in notes.insertedRows { try NoteRow(note, sealer).insert(db, texts) }
        for note in notes.updatedRows { try NoteRow(note, sealer).update(db, texts) }
        for alias in aliases { try AliasRow(alias).insert(db, texts) }
        for record in idempotency.insertedRows {
            try IdempotencyRow(record).insert(db, texts)
            try AnswerRow(record, sealer).insert(db, texts)
        }
        for endpoint in endpoints.insertedRows { try WebhookEndpointRow(endpoint, sealer).insert(db, texts) }
        for endpoint in endpoints.updatedRows { try WebhookEndpointRow(endpoint, sealer).update(db, texts) }
        try webhookMarks.write(to: db, texts)
        // A lane has one head: who steps back makes room for the next.
        for (before, delivery) in deliveries.changes where delivery.dueAt == nil {
            try delivery.update(db, texts, from: before)
        }
        for (before, delivery) in deliveries.changes where delivery.dueAt != nil {
            try delivery.update(db, texts, from: before)
        }
        for delivery in deliveries.insertedRows { try delivery.insert(db, texts) }
        for attempt in deliveryAttempts { try DeliveryAttemptRow(attempt, sealer).insert(db, texts) }
        for entry in entries { try entry.insert(db, texts) }
        for event in events { try event.insert(db, texts) }
        for act in acts { try AuditActRow(act).insert(db, texts) }
        for entry in auditEntries { try AuditEntryRow(entry).insert(db, texts) }
        if let secrets = sealer.secrets { try db.write(SearchChanges(self, secrets), isIndexed: !isFilling) }
        for (tally, amount) in tallies { try db.add(amount, to: tally) }
        try clocks.write(to: db, texts)
        for (book, isOnClock) in clockTurns { try db.turn(book, isOnClock) }
        if isSilent, let moment { try db.keep("moment", String(moment.milliseconds)) }
        if let mark { try db.keep("time_mark", TimeMarkText.text(mark)) }
    }
}

extension RowSet where Row: StoredRow {
    fileprivate func write(to db: Database, _ texts: StatementTexts) throws {
        for row in insertedRows { try row.insert(db, texts) }
        for (before, after) in changes { try after.update(db, texts, from: before) }
    }
}

extension Database {
    fileprivate func insert(_ account: Account) throws {
        try execute(
            sql: "INSERT INTO account (number, name, created_at) VALUES (?, ?, ?)",
            arguments: [account.number, account.name, account.createdAt.milliseconds]
        )
        for mode in Mode.allCases {
            try execute(
                sql: "INSERT INTO book (number, account, mode) VALUES (?, ?, ?)",
                arguments: [account.book(mode).number, account.number, mode.rawValue]
            )
        }
        try replaceSettings(of: account)
    }

    fileprivate func replaceSettings(of account: Account) throws {
        try execute(sql: "DELETE FROM account_setting WHERE account = ?", arguments: [account.number])
        for (name, value) in account.settings.values.sorted(by: { $0.key < $1.key }) {
            try execute(
                sql: "INSERT INTO account_setting (account, name, value) VALUES (?, ?, ?)",
                arguments: [account.number, name, value]
            )
        }
    }

    /// Behind all that was written: it is about every row.
    fileprivate func turn(_ book: Book, _ isOnClock: Bool) throws {
        for table in [Refund.table, Payment.table] {
            let flag = StoredValue.flag(isOnClock)
            try cachedStatement(sql: ClockQuery.turn(table)).run([flag, .book(book), flag])
        }
    }

    /// Remembers how late it is where no event does, and by which clock.
    fileprivate func keep(_ name: String, _ value: String) throws {
        let statement = try cachedStatement(
            sql: """
                INSERT INTO meta (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """
        )
        try statement.run([.text(name), .text(value)])
    }

    fileprivate func add(_ amount: Int64, to tally: Tally) throws {
        let statement = try cachedStatement(
            sql: """
                INSERT INTO tally (book, name, slot, amount) VALUES (?, ?, 0, ?)
                ON CONFLICT (book, name, slot) DO UPDATE SET amount = amount + excluded.amount
                """
        )
        try statement.run([.book(tally.book), .text(tally.name.text), .integer(amount)])
    }
}
