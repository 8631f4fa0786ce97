import ConnectorKit
import Domain
import Engine
import Foundation
import Rows
import SQLiteStorage
import Storage

/// `storno restore`: puts a backup in an empty place, proves it, and doubts what may have been sent since.
package enum Restore {
    /// - Parameter isChecked: false for a copy that never had a checksum.
    /// - Throws: ``AdminRefusal`` for a backup that is not sound, `SQLiteOpenFailure` and ``SettingsFailure`` for a
    ///   place that cannot be used. Nothing is left behind then.
    package static func run(_ settings: Settings, from file: String, isChecked: Bool) async throws -> RestoreSummary {
        try check(file, isChecked)
        _ = umask(0o077)
        let place = try RestorePlace(settings.database.file(for: "restore"))
        do {
            try copy(file, to: place.partialPath)
            let partial = settings.with(databaseAt: place.partialPath)
            let summary = try await OpenInstallation.with(partial) { installation in
                try await prove(installation.store)
                let since = try await installation.store.latestMoment() ?? Moment(milliseconds: 0)
                let doubted = try await doubt(since, installation)
                try (installation.store as? SQLiteStore)?.close()
                return RestoreSummary(
                    database: place.path,
                    upTo: Instant.text(since),
                    inDoubt: doubted.asked,
                    needsReview: doubted.reviewed
                )
            }
            try place.publish()
            return summary
        } catch {
            place.abandon()
            throw error
        }
    }

    private static func check(_ file: String, _ isChecked: Bool) throws {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw AdminRefusal("\(file) cannot be read.")
        }
        guard isChecked else { return }
        guard let kept = try Checksum.kept(of: file) else {
            throw AdminRefusal(
                "There is no \(Checksum.path(of: file)). Put it beside the backup, or say --unchecked for a copy that has none."
            )
        }
        guard try Checksum.digest(of: file) == kept else {
            throw AdminRefusal("\(file) is not what was backed up: its checksum is another. Use another backup.")
        }
    }

    private static func copy(_ file: String, to partial: String) throws {
        for suffix in ["-wal", "-journal"] where FileManager.default.fileExists(atPath: file + suffix) {
            throw AdminRefusal(
                "\(file + suffix) lies beside it: this is a database in use or from a crash, no backup. Open it in its place, or make a backup of it."
            )
        }
        do {
            try FileManager.default.copyItem(atPath: file, toPath: partial)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: partial)
        } catch {
            throw SQLiteOpenFailure.unusable(path: partial, reason: error.localizedDescription)
        }
    }

    private static func prove(_ store: any Books) async throws {
        let findings = try await store.verify()
        guard findings.isEmpty else {
            throw AdminRefusal(
                "`storno verify` has \(findings.count) findings in the backup, the first: \(findings[0].check). Nothing was restored."
            )
        }
    }

    /// - Returns: how many refunds will be asked about, and how many a person has to look at.
    private static func doubt(_ since: Moment, _ installation: Installation) async throws -> (asked: Int, reviewed: Int)
    {
        var asked = 0
        for connector in installation.engine.connectors.all.map(\.name) {
            asked += try await all(.refundsToSend(connector: connector), since, installation.engine)
        }
        var reviewed = try await all(.refundsToApprove, since, installation.engine)
        // Books with a time of their own count by it.
        for clock in try await installation.engine.clockWork().map(\.clock) {
            let since = clock.moment(since)
            for connector in installation.engine.connectors.all.map(\.name) {
                asked += try await all(.refundsToSend(connector: connector), of: clock.book, since, installation.engine)
            }
            reviewed += try await all(.refundsToApprove, of: clock.book, since, installation.engine)
        }
        return (asked, reviewed)
    }

    private static func all(
        _ kind: DueWork.Kind,
        of book: Book? = nil,
        _ since: Moment,
        _ engine: Engine
    ) async throws -> Int {
        var count = 0
        while true {
            let found = try await engine.perform(DoubtRestored(kind, of: book, since: since, limit: 256)).count
            if found == 0 { return count }
            count += found
        }
    }
}

/// What was restored, and what it left in doubt.
package struct RestoreSummary: Codable, Sendable, Equatable {
    package let database: String
    /// The backup's latest moment, as ISO 8601 in UTC: what was decided later is lost.
    package let upTo: String
    /// Refunds that may have been sent since: their processors are asked first.
    package let inDoubt: Int
    /// Refunds that waited for approval and may have been approved and sent since.
    package let needsReview: Int
}
