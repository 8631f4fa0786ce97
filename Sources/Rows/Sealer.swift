import Foundation
import Storage

/// Seals what is personal on its way into a row, and opens it on its way out.
package struct Sealer: Sendable {
    /// `nil` where a file is read without its key: what is sealed stays shut then.
    package let secrets: Secrets?

    package init(secrets: Secrets?) {
        self.secrets = secrets
    }

    package func seal(_ bytes: [UInt8], at place: SealedPlace) -> Data {
        guard let secrets else { preconditionFailure("whoever writes has the secret key") }
        return Data(secrets.seal(bytes, at: place))
    }

    /// - Throws: ``DamagedRow``, ``SecretKeyMissing``.
    package func open(_ sealed: Data, at place: SealedPlace) throws -> [UInt8] {
        guard let secrets else { throw SecretKeyMissing() }
        do {
            return try secrets.open(Array(sealed), at: place)
        } catch {
            switch error {
            case .otherKey: throw DamagedRow(table: place.table, reason: "it was sealed with another secret key")
            case .damaged: throw DamagedRow(table: place.table, reason: "its seal is broken")
            }
        }
    }
}

/// A sealed column was asked for without the key.
package struct SecretKeyMissing: Error, CustomStringConvertible {
    package var description: String {
        "what is sealed cannot be read without the secret key; put storno.key beside the database, or name it in STORNO_SECRET_KEY_FILE"
    }
}
