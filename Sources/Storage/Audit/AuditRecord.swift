import Crypto
import Domain

/// Which row an entry of the trail is about: an event, or an act that no event tells; by the number of that row.
package enum AuditSource: Hashable, Sendable {
    case event(Int64)
    case act(Int64)

    package var number: Int64 {
        switch self {
        case .event(let number), .act(let number): number
        }
    }
}

/// What an entry of the trail says, just as its row has it.
package struct AuditRecord: Sendable, Equatable {
    package let book: Book
    package let source: AuditSource
    package let at: Moment
    package let actorKind: String
    package let actor: String
    package let requestID: String?
    /// Of an event its type, such as `refund.created`.
    package let action: String
    package let objectKind: String
    /// Of an event the object's id as 32 hexadecimal digits in lower case.
    package let object: String
    /// The event's number among its object's.
    package let sequence: Int64?
    /// JSON, byte for byte.
    package let part: String

    package init(
        book: Book,
        source: AuditSource,
        at moment: Moment,
        actorKind: String,
        actor: String,
        requestID: String?,
        action: String,
        objectKind: String,
        object: String,
        sequence: Int64?,
        part: String
    ) {
        self.book = book
        self.source = source
        at = moment
        self.actorKind = actorKind
        self.actor = actor
        self.requestID = requestID
        self.action = action
        self.objectKind = objectKind
        self.object = object
        self.sequence = sequence
        self.part = part
    }
}

extension AuditRecord {
    /// The names of what ``hashed(_:)`` gives, in its order.
    package static let hashedNames = [
        "form", "book", "number", "source", "source_number", "at", "actor_kind", "actor", "request_id", "action",
        "object_kind", "object", "sequence", "part",
    ]

    /// What is hashed, as texts in their order (`docs/reference/audit.md`).
    ///
    /// - Parameter number: of the entry.
    package func hashed(_ number: Int64) -> [String?] {
        let kind =
            switch source {
            case .event: "event"
            case .act: "act"
            }
        return [
            "storno audit 1", String(book.number), String(number), kind, String(source.number),
            String(at.milliseconds), actorKind, actor, requestID, action, objectKind, object,
            sequence.map { String($0) },
            part,
        ]
    }

    /// The hash of an entry: of the hash before it, and of every text with its length before it.
    ///
    /// - Parameter previous: of the entry before; 32 zero bytes for the first.
    package func hash(_ number: Int64, after previous: Digest256) -> Digest256 {
        var hash = SHA256()
        hash.update(data: Array(previous.bytes))
        for text in hashed(number) {
            let length = text.map { UInt32($0.utf8.count) } ?? .max
            withUnsafeBytes(of: length.bigEndian) { hash.update(bufferPointer: $0) }
            if let text { hash.update(data: Array(text.utf8)) }
        }
        return Digest256(hash.finalize())
    }
}
