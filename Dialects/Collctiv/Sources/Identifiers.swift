import DialectKit
import Domain
import Engine
import Storage

extension Names {
    /// An id as it came from elsewhere, otherwise as a UUID.
    func text(_ id: UInt128) -> String {
        text(for: id, in: "collctiv") ?? UUIDText.text(id)
    }
}

extension CollctivDialect {
    package func id(_ kind: ObjectKind, _ text: String) -> UInt128? { UUIDText.id(text) }

    package func spelling(_ text: String) -> String { UUIDText.id(text).map(UUIDText.text) ?? text }
}

extension RequestContext {
    /// UUIDs are read in any case and looked up in lower case, also those that came from elsewhere.
    func named(_ kind: ObjectKind, _ text: String) -> ObjectName {
        let id = UUIDText.id(text)
        // A database may take a NUL for the end of a text, and find the object that the rest names.
        let spelling = text.utf8.contains(0) ? "" : id.map(UUIDText.text) ?? text
        return name(kind, spelling, id: id)
    }
}
