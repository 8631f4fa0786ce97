import Domain
import Foundation
import SQLiteStorage

/// `storno backup`: the whole database in one file, with its checksum, also while a server runs.
package enum Backup {
    /// - Throws: `SQLiteOpenFailure`, ``AdminRefusal``.
    package static func write(_ settings: Settings, to file: String) async throws -> BackupSummary {
        _ = umask(0o077)
        let store = try SQLiteStore(reading: settings.database.file(for: "backup"), secrets: nil, mayBeOlder: true)
        try store.backUp(to: file)
        do {
            let digest = try Checksum.digest(of: file)
            try Checksum.write(digest, of: file)
            let copy = try SQLiteStore(reading: file, secrets: nil, mayBeOlder: true)
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            return BackupSummary(file: file, bytes: size, sha256: digest, upTo: try await copy.latestMoment())
        } catch {
            throw AdminRefusal("The backup is at \(file), but its checksum could not be written: \(error).")
        }
    }
}

/// What a backup holds.
package struct BackupSummary: Codable, Sendable, Equatable {
    package let file: String
    package let bytes: Int
    package let sha256: String
    /// The latest moment at which anything in it was decided, as ISO 8601 in UTC.
    package let upTo: String?

    init(file: String, bytes: Int, sha256: String, upTo: Moment?) {
        self.file = file
        self.bytes = bytes
        self.sha256 = sha256
        self.upTo = upTo.map(Instant.text)
    }
}
