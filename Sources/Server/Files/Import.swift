import DialectKit
import Domain
import Engine
import Foundation
import Rows
import Storage

/// `storno import`: takes payments and refunds over that were made elsewhere, row by row.
///
/// What identifies a row is the id that it had. So the same file can be imported again and again: what is here already is
/// left alone, and a run that was cut off anywhere goes on when the file is imported again.
package struct Import: Sendable {
    package let file: String
    package let account: String
    package let mode: String
    /// The API by whose ids rows are known that name none.
    package let dialect: String
    package let results: String
    /// Who imports: the user of the operating system.
    package let user: String

    package init(file: String, account: String, mode: String, dialect: String, results: String, user: String) {
        self.file = file
        self.account = account
        self.mode = mode
        self.dialect = dialect
        self.results = results
        self.user = user
    }

    /// How far it has come, in bytes of the file.
    package struct Progress: Sendable {
        package let done: Int
        package let total: Int
        package let rows: Int
    }

    /// Says what a run would do, and changes nothing; also beside a running server.
    ///
    /// - Throws: ``AdminRefusal`` for a file that cannot be read; what opening the database throws.
    package func rehearse(
        _ settings: Settings,
        tell: @escaping (Progress) -> Void
    ) async throws -> ImportSummary {
        let store = try await OpenInstallation.reader(settings)
        guard let secrets = try SecretKeyFile.read(settings.secretKeyFile) else {
            throw SettingsFailure(name: "secretKeyFile", reason: "\(settings.secretKeyFile): there is no such file")
        }
        let book = try await ObjectText.book(account, mode, of: store)
        let latest = try await store.latestMoment() ?? Moment(milliseconds: 0)
        let time = SteadyTime(on: .current, notBefore: latest, mark: nil)
        let connectors = Catalog.connectors(operations: store, time: time)
        let context = DecisionContext(
            moment: time.now,
            rules: Rules(),
            connectors: connectors,
            ids: IdentifierSource(random: SystemRandomNumberGenerator())
        )
        var rehearsal = Rehearsal(book, context)
        var run = try ImportRun(self, isRehearsal: true, tell)
        try await run.take(book, secrets, connectors, now: time.now, batch: batch(for: store)) { items in
            let command = ImportHistory(items)
            return try rehearsal.outcome(of: command, try await store.look(at: command.footprint))
        }
        await store.leave()
        return run.summary
    }

    /// - Throws: ``AdminRefusal`` for a file that cannot be read, `SQLiteOpenFailure` also while a server runs.
    package func run(
        _ settings: Settings,
        tell: @Sendable @escaping (Progress) -> Void
    ) async throws -> ImportSummary {
        try await OpenInstallation.with(settings) { installation in
            let (store, engine) = (installation.store, installation.engine)
            let book = try await ObjectText.book(account, mode, of: store)
            var run = try ImportRun(self, isRehearsal: false, tell)
            _ = try await store.beginFilling(expecting: run.rowsAtMost)
            do {
                try await run.take(
                    book,
                    engine.secrets,
                    engine.connectors,
                    now: engine.execution.moment,
                    batch: batch(for: store)
                ) { items in try await Self.write(items, engine) }
            } catch {
                try await store.endFilling()
                throw error
            }
            try await store.endFilling()
            if run.summary.imported > 0 {
                let digest = try Checksum.digest(of: file)
                let command = RecordImport(
                    book: book,
                    digest: digest,
                    imported: Int64(run.summary.imported),
                    by: .operator(user)
                )
                try await engine.perform(command)
            }
            return run.summary
        }
    }

    /// How many rows share a transaction, and so its sync. With other nodes at work its locks have to fit the server's table of them.
    private func batch(for store: any Books) -> Int { store.isShared ? 400 : 10_000 }

    /// One row that the database does not take fails alone.
    private static func write(
        _ items: [ImportHistory.Item],
        _ engine: Engine
    ) async throws -> [Result<ImportOutcome, EngineFailure>] {
        do {
            return try await engine.perform(ImportHistory(items))
        } catch .fault {
            guard items.count > 1 else { return [.failure(.fault)] }
            let middle = items.count / 2
            return try await write(Array(items[..<middle]), engine) + write(Array(items[middle...]), engine)
        } catch {
            throw AdminRefusal(
                "The database failed. What was imported by then stays; import the file again to go on."
            )
        }
    }
}

/// What became of a file's rows.
package struct ImportSummary: Codable, Sendable, Equatable {
    package var rows = 0
    package var imported = 0
    /// Here already.
    package var skipped = 0
    package var refused = 0
    /// Whether nothing was written.
    package let dryRun: Bool
    package let results: String
}

/// One walk through a file.
private struct ImportRun {
    private let wish: Import
    private let tell: (Import.Progress) -> Void
    private let size: Int
    private let handle: FileHandle
    private let results: ImportResults
    private(set) var summary: ImportSummary

    init(_ wish: Import, isRehearsal: Bool, _ tell: @escaping (Import.Progress) -> Void) throws {
        self.wish = wish
        self.tell = tell
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: wish.file, isDirectory: &isDirectory), !isDirectory.boolValue,
            let handle = FileHandle(forReadingAtPath: wish.file)
        else {
            throw AdminRefusal("\(wish.file) cannot be read.")
        }
        self.handle = handle
        size = try FileManager.default.attributesOfItem(atPath: wish.file)[.size] as? Int ?? 0
        guard Catalog.dialect(named: wish.dialect) != nil else {
            let known = Catalog.dialects.map(\.name).sorted().joined(separator: ", ")
            throw AdminRefusal("There is no dialect \(wish.dialect). There are: \(known).")
        }
        results = try ImportResults(wish.results)
        summary = ImportSummary(dryRun: isRehearsal, results: wish.results)
    }

    /// A row has an id, an amount and more: some forty bytes at the least.
    var rowsAtMost: Int { size / 40 }

    mutating func take(
        _ book: Book,
        _ secrets: Secrets,
        _ connectors: ConnectorDirectory,
        now: Moment,
        batch: Int,
        _ decide: ([ImportHistory.Item]) async throws -> [Result<ImportOutcome, EngineFailure>]
    ) async throws {
        do {
            let file = try HistoryFile(handle, book, wish, secrets, connectors.name(for: Account.mode(of: book)), now)
            var next: HistoryBatch? = try await file.next(batch)
            while let taken = next {
                async let following = file.next(batch)
                try note(taken, taken.items.isEmpty ? [] : try await decide(taken.items))
                if let fault = taken.fault { throw fault }
                tell(Import.Progress(done: taken.end, total: size, rows: summary.rows))
                next = try await following
            }
            try results.close()
        } catch {
            // What is known of the rows by then is told, whatever ended the walk.
            try? results.close()
            guard let fault = error as? CSVReader.Fault else { throw error }
            let done = summary.dryRun ? "looked at" : "taken"
            throw AdminRefusal("\(wish.file) is no CSV: \(fault). \(summary.rows) rows before it were \(done).")
        }
    }

    private mutating func note(_ batch: HistoryBatch, _ outcomes: [Result<ImportOutcome, EngineFailure>]) throws {
        var outcomes = outcomes[...]
        for row in batch.rows {
            if let refusal = row.refusal {
                try refuse(row.number, refusal)
            } else if let outcome = outcomes.popFirst() {
                try note(row.number, outcome)
            }
        }
    }

    private mutating func note(_ row: Int, _ outcome: Result<ImportOutcome, EngineFailure>) throws {
        switch outcome {
        case .success(.imported(let object)):
            summary.rows += 1
            summary.imported += 1
            let id = summary.dryRun ? nil : Catalog.text(object)
            try results.add(row: row, summary.dryRun ? "importable" : "imported", id: id, reason: nil)
        case .success(.known(let object)):
            summary.rows += 1
            summary.skipped += 1
            try results.add(row: row, "skipped", id: Catalog.text(object), reason: "it is here already")
        case .success(let other): try refuse(row, ImportWording.reason(for: other) ?? "")
        case .failure(let failure): try refuse(row, ImportWording.reason(for: failure))
        }
    }

    private mutating func refuse(_ row: Int, _ reason: String) throws {
        summary.rows += 1
        summary.refused += 1
        try results.add(row: row, "refused", id: nil, reason: reason)
    }
}
