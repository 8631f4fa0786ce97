import Domain
import Foundation
import Rows
import Storage

/// `storno export`: what the books held at one moment, row by row, in memory that does not grow with the rows.
package struct Export: Sendable {
    package enum Subject: String, Sendable, CaseIterable {
        case payments
        case refunds
        case events
        case ledger
    }

    package enum Format: String, Sendable, CaseIterable {
        case csv
        case jsonl
    }

    package let subject: Subject
    package let format: Format
    package let account: String
    package let mode: String
    /// Leaves out what is older.
    package var from: Moment?
    /// Leaves out what is as old or newer.
    package var until: Moment?
    /// With names and e-mail addresses, which needs the secret key.
    package var isPersonal = false

    package init(_ subject: Subject, _ format: Format, account: String, mode: String) {
        self.subject = subject
        self.format = format
        self.account = account
        self.mode = mode
    }

    /// - Parameter file: where to; `nil` for standard output. A file appears under its name when it is whole.
    /// - Returns: how many rows were written.
    /// - Throws: ``AdminRefusal`` where the file cannot be written; what opening the database throws.
    package func run(
        _ settings: Settings,
        to file: String?,
        tell: @Sendable @escaping (Int) -> Void
    ) async throws -> Int {
        let secrets = isPersonal ? try SecretKeyFile.read(settings.secretKeyFile) : nil
        guard !isPersonal || secrets != nil else {
            throw SettingsFailure(
                name: "secretKeyFile",
                reason: "\(settings.secretKeyFile): there is no such file, and names and addresses are sealed with it"
            )
        }
        guard !isPersonal || subject == .payments else {
            throw AdminRefusal("Only payments have something personal: leave --with-personal out.")
        }
        let store = try await Catalog.open(reading: settings.database, secrets: secrets)
        let book = try await ObjectText.book(account, mode, of: store)
        let rows = ExportedRows(book: book, from: from, until: until, isPersonal: isPersonal)
        let written = try await store.walk { walk, sealer -> Result<Int, AdminRefusal> in
            do {
                return .success(try write(rows, walk, sealer, to: file, tell))
            } catch let refusal as AdminRefusal {
                return .failure(refusal)
            }
        }
        await store.leave()
        return try written.get()
    }

    private func write(
        _ rows: ExportedRows,
        _ walk: any RowWalk,
        _ sealer: Sealer,
        to file: String?,
        _ tell: (Int) -> Void
    ) throws -> Int {
        let output = try ExportOutput(file)
        do {
            let columns = rows.columns(of: subject)
            if format == .csv { try output.write(line: CSVText.record(columns.map { .text($0) })) }
            try rows.each(subject, in: walk, sealer) { values in
                try output.write(row: format == .csv ? CSVText.record(values) : JSONLine.text(columns, values))
                if output.rows.isMultiple(of: 1000) { tell(output.rows) }
            }
            try output.finish()
            return output.rows
        } catch {
            output.abandon()
            throw error
        }
    }
}
