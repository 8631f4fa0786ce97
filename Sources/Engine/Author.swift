import Domain
import Storage

/// Who changes what no API's objects are: accounts and keys.
package struct Author: Sendable {
    package let actor: Actor
    package let requestID: String?

    package init(_ actor: Actor, requestID: String? = nil) {
        self.actor = actor
        self.requestID = requestID
    }

    /// A person at the command line.
    package static func `operator`(_ user: String) -> Author { Author(Actor(.operator, user)) }

    /// The program itself, such as with what a demonstration needs.
    package static let storno = Author(Actor(.system, "storno"))
}

extension Author {
    func act(
        _ action: String,
        in book: Book,
        _ objectKind: String,
        _ object: String,
        _ part: [(name: String, value: EventPart.Value?)] = [],
        _ context: DecisionContext
    ) -> Change {
        let act = AuditAct(
            book: book,
            at: context.truth,
            actor: actor,
            requestID: requestID,
            action: action,
            objectKind: objectKind,
            object: object,
            part: EventPart(part)
        )
        return .insert(.act(act))
    }
}

extension Origin {
    package var author: Author { Author(actor, requestID: requestID) }
}
