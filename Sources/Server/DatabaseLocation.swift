import Foundation

/// Where the data is.
package enum DatabaseLocation: Sendable, Equatable {
    /// `sqlite:PATH`.
    case sqlite(path: String)
    /// `postgres://…`, as libpq takes it: several hosts, TLS and all else among its options.
    case postgres(target: String)

    package init(_ text: String) throws {
        if text.hasPrefix("sqlite:"), text.count > "sqlite:".count {
            self = .sqlite(path: String(text.dropFirst("sqlite:".count)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(target: text)
        } else {
            // A password may be in it, so it is not repeated.
            throw SettingsFailure(name: "database", reason: "it is neither sqlite:PATH nor postgres://USER@HOST/NAME")
        }
    }

    /// Beside the file; for PostgreSQL where the process was started.
    var secretKeyPath: String {
        switch self {
        case .sqlite(let path):
            URL(fileURLWithPath: path).deletingLastPathComponent().appending(path: "storno.key").path
        case .postgres: "storno.key"
        }
    }

    /// The Unix-domain socket by which the command line reaches a running server. PostgreSQL it reaches by itself.
    package var adminSocketPath: String? {
        switch self {
        case .sqlite(let path): path + ".admin"
        case .postgres: nil
        }
    }

    /// - Throws: ``SettingsFailure`` for what is done with files alone.
    func file(for deed: String) throws -> String {
        guard case .sqlite(let path) = self else {
            throw SettingsFailure(
                name: "database",
                reason: "\(deed) is for SQLite files; a PostgreSQL database has its own tools (docs/OPERATING.md)"
            )
        }
        return path
    }
}
