import Rows
import Storage

/// `storno migrate`: brings a database's schema up to date without starting a server.
package enum Migrate {
    /// The names of the migrations that would be done, oldest first.
    package static func pending(_ settings: Settings) async throws -> [String] {
        try await Catalog.pendingMigrations(of: settings.database)
    }

    /// Does them; none of them, if one fails.
    ///
    /// - Returns: the names of those that were done.
    package static func run(_ settings: Settings) async throws -> [String] {
        let pending = try await pending(settings)
        guard !pending.isEmpty else { return [] }
        _ = try await Catalog.open(settings.database) { isBound in
            try SecretKeyFile.load(settings.secretKeyFile, mayMake: !isBound)
        }
        return pending
    }
}
