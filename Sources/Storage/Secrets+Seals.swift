import Crypto
import Domain

/// Where a sealed value stands. Moved to another row, it does not open.
package struct SealedPlace: Sendable {
    package let table: String
    package let book: Book
    /// The rest of the row's key.
    package let row: [UInt8]

    package init(_ table: String, _ book: Book, _ row: [UInt8]) {
        self.table = table
        self.book = book
        self.row = row
    }
}

/// Why something sealed does not open.
package enum SealFailure: Error, Equatable {
    /// It was sealed with another master key.
    case otherKey
    /// It is not what was sealed at this place.
    case damaged
}

/// Seals: AES-256-GCM with a key of its own for each row, made from the master key and the place, and a random nonce,
/// so that no number of rows brings one key near its bound on random nonces (NIST SP 800-38D, 8.3).
///
/// A sealed value is a version byte, the master key's id (8 bytes), the nonce (12), the text and the tag (16).
extension Secrets {
    /// So many bytes are added to what is sealed.
    package static let sealLength = 1 + 8 + 12 + 16
    private static let version: UInt8 = 1

    package func seal(_ bytes: [UInt8], at place: SealedPlace) -> [UInt8] {
        guard let box = try? AES.GCM.seal(bytes, using: rowKey(place)), let combined = box.combined else {
            preconditionFailure("AES-256-GCM seals any bytes with a key of its length")
        }
        return [Self.version] + keyID + combined
    }

    package func open(_ sealed: [UInt8], at place: SealedPlace) throws(SealFailure) -> [UInt8] {
        guard sealed.count >= Self.sealLength, sealed[0] == Self.version else { throw .damaged }
        guard Array(sealed[1..<9]) == keyID else { throw .otherKey }
        guard let box = try? AES.GCM.SealedBox(combined: sealed[9...]),
            let bytes = try? AES.GCM.open(box, using: rowKey(place))
        else { throw .damaged }
        return Array(bytes)
    }

    /// The id of the master key that something was sealed with; `nil` for what is not sealed.
    package static func keyID(of sealed: [UInt8]) -> String? {
        guard sealed.count >= sealLength, sealed[0] == version else { return nil }
        return text(ofKeyID: Array(sealed[1..<9]))
    }

    private func rowKey(_ place: SealedPlace) -> SymmetricKey {
        SymmetricKey(data: digest(Array("seal \(place.table) \(place.book.number) ".utf8) + place.row))
    }
}
