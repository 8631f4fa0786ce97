/// Something that somebody did and that no event tells: with keys, accounts, settings. Stored in the transaction of the
/// change. Nothing personal is in it.
package struct AuditAct: Sendable, Equatable {
    package let book: Book
    package let at: Moment
    package let actor: Actor
    package let requestID: String?
    /// Past tense, such as `api_key.created`.
    package let action: String
    /// What it was done to, such as `api_key`.
    package let objectKind: String
    /// The object's id or name: of keys and accounts the name, of all else the id as 32 hexadecimal digits.
    package let object: String
    /// What is different now.
    package let part: EventPart

    package init(
        book: Book,
        at moment: Moment,
        actor: Actor,
        requestID: String?,
        action: String,
        objectKind: String,
        object: String,
        part: EventPart = EventPart([])
    ) {
        self.book = book
        at = moment
        self.actor = actor
        self.requestID = requestID
        self.action = action
        self.objectKind = objectKind
        self.object = object
        self.part = part
    }
}

extension ObjectReference {
    /// The id as 32 hexadecimal digits in lower case.
    package var hexadecimal: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
