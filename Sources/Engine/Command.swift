import Domain
import Storage

/// Something asked of the engine, together with how it is decided.
///
/// The decision is pure: it depends on the working set, the moment and the rules, and changes nothing by
/// itself. A command that is refused has therefore nothing to roll back.
package protocol Command: Sendable {
    associatedtype Outcome: Sendable

    /// What it must see.
    var footprint: Footprint { get }

    /// How many of the commands that share a transaction it counts as.
    var weight: Int { get }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Outcome>
}

extension Command {
    package var weight: Int { 1 }
}

/// A command that takes up work whose time has come.
package protocol DueCommand: Command {
    var due: DueWork { get }
}

extension DueCommand {
    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.due = [due]
        return footprint
    }
}

/// What a command decided: the changes, and what to tell the caller once they are in the working set.
package struct Decision<Outcome: Sendable> {
    package var changes: [Change]
    package var conclude: (inout WorkingSet) -> Outcome

    package init(_ changes: [Change], conclude: @escaping (inout WorkingSet) -> Outcome) {
        self.changes = changes
        self.conclude = conclude
    }

    package init(_ changes: [Change], _ outcome: Outcome) {
        self.init(changes) { _ in outcome }
    }
}

/// What a decision may know besides the working set.
package struct DecisionContext: Sendable {
    /// The batch's instant; never earlier than that of any batch before.
    package let moment: Moment
    /// How long ago anything before this was nobody knows.
    package let knownSince: Moment
    package let rules: Rules
    package let connectors: ConnectorDirectory
    package var ids: IdentifierSource

    package init(
        moment: Moment,
        knownSince: Moment = Moment(milliseconds: .min),
        rules: Rules,
        connectors: ConnectorDirectory,
        ids: IdentifierSource
    ) {
        self.moment = moment
        self.knownSince = knownSince
        self.rules = rules
        self.connectors = connectors
        self.ids = ids
    }

    mutating func newID<Kind>() -> Identifier<Kind> { ids.next(at: moment) }

    /// Of something that happened at another moment than it is written down.
    mutating func newID<Kind>(createdAt: Moment?) -> Identifier<Kind> {
        guard let createdAt, createdAt < moment else { return newID() }
        return ids.next(inThePast: createdAt)
    }
}

/// Who asks, for which book, through which API.
package struct Origin: Sendable {
    package let book: Book
    package let actor: Actor
    package let requestID: String?
    package let dialect: String

    package init(book: Book, actor: Actor, requestID: String?, dialect: String) {
        self.book = book
        self.actor = actor
        self.requestID = requestID
        self.dialect = dialect
    }

    /// Storno itself at work in a book.
    static func system(_ book: Book, _ worker: String) -> Origin {
        Origin(book: book, actor: Actor(.system, worker), requestID: nil, dialect: "storno")
    }
}
