import Foundation
import GRDB
import Storage

/// Which master key a file was written with.
extension Database {
    /// The id of the master key that the file was written with; `nil` for a file that was never written with any.
    func secretKeyID() throws -> String? {
        guard try tableExists("meta") else { return nil }
        let said = try String.fetchOne(self, sql: "SELECT value FROM meta WHERE name = 'secret_key'")
        return try said ?? secretKeyIDOfSeals()
    }

    /// As every sealed value tells it: no key is made for a file that has some.
    private func secretKeyIDOfSeals() throws -> String? {
        guard try tableExists("note"), try columns(in: "note").contains(where: { $0.name == "sealed" }) else {
            return nil
        }
        for table in ["person", "note"] {
            if let sealed = try Data.fetchOne(self, sql: "SELECT sealed FROM \(table) LIMIT 1") {
                return Secrets.keyID(of: Array(sealed))
            }
        }
        return nil
    }

    func keepSecretKeyID(_ id: String) throws {
        try execute(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('secret_key', ?)", arguments: [id])
    }
}
