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
    /// The working set with the changes in it, where deciding made one.
    package var applied: WorkingSet?
    package var conclude: (inout WorkingSet) -> Outcome

    package init(_ changes: [Change], conclude: @escaping (inout WorkingSet) -> Outcome) {
        self.changes = changes
        self.conclude = conclude
    }

    package init(_ changes: [Change], _ outcome: Outcome) {
        self.init(changes) { _ in outcome }
    }
}

extension Decision {
    /// Whether nothing happens by it in a test mode, whose time might be another than the true one.
    var isOfNoTestBook: Bool {
        changes.allSatisfy { change in
            guard case .insert(.event(let event)) = change else { return true }
            return Account.mode(of: event.book) == .live
        }
    }
}

/// What a decision may know besides the working set.
package struct DecisionContext: Sendable {
    /// What time it is in the command's book; never earlier than at any decision about it before.
    package private(set) var moment: Moment
    /// The batch's instant by the true time, by which keys live in every book; never earlier than that of any batch
    /// before.
    package let truth: Moment
    /// The clock of the command's book, where its time is not the true one.
    package private(set) var clock: BookClock?
    /// How long ago anything before this was nobody knows.
    package private(set) var knownSince: Moment
    private let trulyKnownSince: Moment
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
        truth = moment
        self.knownSince = knownSince
        trulyKnownSince = knownSince
        self.rules = rules
        self.connectors = connectors
        self.ids = ids
    }

    /// Takes over the time of the book that the next command is about; with `nil` the true one.
    mutating func enter(_ book: Book?, _ set: WorkingSet) {
        clock = book.flatMap { set.clocks[$0] }.flatMap { $0.isSet ? $0 : nil }
        moment = clock?.moment(truth) ?? truth
        // A time that stands still is known however long the machine was off.
        knownSince =
            switch clock {
            case nil: trulyKnownSince
            case let clock? where clock.frozenAt != nil: Moment(milliseconds: .min)
            case let clock?: trulyKnownSince.adding(.milliseconds(clock.ahead))
            }
    }

    mutating func newID<Kind>() -> Identifier<Kind> {
        guard let clock else { return ids.next(at: moment) }
        return ids.next(at: moment, truly: truth, in: clock.book)
    }

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
