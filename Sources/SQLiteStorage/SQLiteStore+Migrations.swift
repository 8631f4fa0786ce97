import Foundation
import GRDB

extension SQLiteStore {
    /// The names of the migrations that opening the file for writing would do; all for a file that is not there yet.
    ///
    /// - Throws: ``SQLiteOpenFailure``.
    package static func pendingMigrations(of path: String) throws(SQLiteOpenFailure) -> [String] {
        let all = Migrations.all.map(\.name)
        guard FileManager.default.fileExists(atPath: path) else { return all }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration)
                .read { db in
                    if try Migrations.areSuperseded(in: db) { throw SQLiteOpenFailure.newerSchema(path) }
                    let done = try Migrations.done(in: db)
                    return all.filter { !done.contains($0) }
                }
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
    }
}
