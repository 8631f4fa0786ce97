import DialectKit
import Domain
import Engine
import Storage

/// What tells one state of an object from every other, and from those of other objects: its id, its version, and a digest of
/// how it is shown, since not everything that is shown has a version of its own.
struct EntityTag: Equatable {
    let id: UInt128
    let version: Int64
    private let digest: String

    /// - Parameter shown: the object as it is written.
    init(_ id: UInt128, version: Int64, shown: [UInt8], _ secrets: Secrets) {
        self.id = id
        self.version = version
        let bytes = secrets.digest("entity tag", [String(decoding: shown, as: UTF8.self)]).bytes
        let number = bytes.prefix(8).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        digest = String(decoding: number.digits(in: Alphabet.base16, count: 16), as: UTF8.self)
    }

    /// - Returns: `nil` for a text that no object was given.
    init?(_ text: String) {
        guard text.utf8.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return nil }
        let parts = text.dropFirst().dropLast().parts(at: ".")
        guard parts.count == 3, parts[0].utf8.count == 25, let id = UInt128(parts[0], radix: 36),
            let version = Int64(exactToken: String(parts[1])), parts[2].utf8.count == 16
        else { return nil }
        self.id = id
        self.version = version
        digest = String(parts[2])
    }

    /// Quoted, and strong (RFC 9110, 8.8.3).
    var text: String { "\"\(SearchWords.digits(of: id)).\(version).\(digest)\"" }
}

extension RequestContext {
    /// - Parameters:
    ///   - object: as it is shown by itself.
    ///   - bytes: the same, written.
    func entityTag(_ kind: ObjectKind, _ object: JSONValue, _ bytes: [UInt8]) async throws(Refusal) -> EntityTag? {
        guard case .number(let token)? = object["version"], let version = Int64(token),
            let text = object["id"]?.plainText
        else { return nil }
        var id = ObjectID.of(kind).id(text)
        if id == nil {
            let name = named(kind, text)
            id = try await ask { engine throws(EngineFailure) in try await engine.identify(name) }
        }
        return id.map { EntityTag($0, version: version, shown: bytes, engine.secrets) }
    }
}
