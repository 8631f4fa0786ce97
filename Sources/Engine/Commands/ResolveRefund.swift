import Domain
import Storage

/// A person decides what became of a refund, having seen the evidence. The decision is evidence itself: the fold
/// judges, and what contradicts the decision later brings the refund back to a person.
package struct ResolveRefund: Command {
    package let origin: Origin
    package let refund: ObjectName
    package let decision: Resolution
    /// Why: what was seen, and where. Must say something.
    package let note: String

    package init(origin: Origin, refund: ObjectName, decision: Resolution, note: String) {
        self.origin = origin
        self.refund = refund
        self.decision = decision
        self.note = note
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.attempted = [refund]
        footprint.noted = [refund]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard let move = RefundMove(refund, in: set) else {
            throw .notFound(.refund, text: refund.spelling?.text ?? "")
        }
        guard !note.allSatisfy(\.isWhitespace) else { throw .rejected(.reasonMissing) }
        guard move.refund.status == .needsReview else { throw .rejected(.notInReview(move.refund.status)) }
        let id = move.refund.id
        var hearing = Hearing(move: move, attempt: nil, source: .operator, set, context)
        hearing.decide(decision.claim, by: origin, &context)
        return Decision(hearing.changes + [noted(id, set)]) { [origin, refund = hearing.refund] set in
            set.details(of: refund, dialect: origin.dialect)
        }
    }

    /// A refund can come back to a person: each reason stays, below those before it.
    private func noted(_ id: Refund.ID, _ set: WorkingSet) -> Change {
        let reference = ObjectReference(.refund, id.raw)
        guard let known = set.notes[NoteKey(origin.book, reference, "resolution")] else {
            return .insert(.note(Note(book: origin.book, object: reference, name: "resolution", text: note)))
        }
        let text = known.text + "\n" + note
        return .update(.note(Note(book: origin.book, object: reference, name: "resolution", text: text)))
    }
}
