import DialectKit
import Domain
import Foundation
import Server

extension FuzzTarget {
    /// The times that people write at the command line.
    static let instant = FuzzTarget("instant") { bytes in
        let number = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        _ = Instant.text(Moment(milliseconds: Int64(bitPattern: number)))
        let text = String(decoding: bytes, as: UTF8.self)
        guard let moment = Instant.moment(text) else { return }
        let written = Instant.text(moment)
        try hold(Instant.moment(written) == Moment(seconds: moment.seconds), "\(written) reads as another instant")
        let isInUTC = text.hasSuffix("Z")
        try hold(!isInUTC || text.hasPrefix(written.dropLast()), "\(text) is taken for \(written)")
    }

    /// A configuration file.
    static let settings = FuzzTarget("settings") { bytes in
        let file = FileManager.default.temporaryDirectory.appending(path: "storno-settings-\(getpid()).json")
        try Data(bytes).write(to: file)
        let loaded = try Turns.run { () async throws -> Settings? in
            do {
                return try await Settings.load(flags: [:], file: file.path)
            } catch let failure as SettingsFailure {
                try hold(!failure.name.isEmpty && !failure.reason.isEmpty, "a refusal without name or reason")
                return nil
            }
        }
        guard let loaded else { return }
        try hold((0...65535).contains(loaded.port), "the port \(loaded.port)")
        if case .sqlite(let path) = loaded.database { try hold(!path.isEmpty, "no path of a database") }
        try hold(Set(loaded.hostAliases.values).isSubset(of: Catalog.dialects.map(\.name)), "a host of no API")
    }
}
