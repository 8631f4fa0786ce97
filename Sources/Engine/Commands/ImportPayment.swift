import Domain
import Storage

/// Writes down a payment that was taken before Storno knew of it, under the id that it had.
package struct ImportPayment: Command {
    package let payment: CreatePayment
    package let name: ObjectName

    /// - Parameters:
    ///   - payment: with `taken` and `past`.
    ///   - id: what the past's text stands for in its API's alphabet; `nil` when it stands for nothing.
    package init(_ payment: CreatePayment, id: UInt128?) {
        guard let past = payment.past, payment.taken != nil else {
            preconditionFailure("an imported payment was taken elsewhere, earlier")
        }
        self.payment = payment
        name = ObjectName(.payment, id: id, spelling: past.spelling, in: payment.origin.book)
    }

    package var footprint: Footprint {
        var footprint = payment.footprint
        footprint.objects.insert(name)
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ImportOutcome> {
        if let known = set.payment(name) {
            let reference = ObjectReference(.payment, known.id.raw)
            let difference = difference(from: known)
            return Decision([], difference.map { .differs(reference, in: $0) } ?? .known(reference))
        }
        let decision = try payment.decide(set, &context)
        for case .insert(.payment(let made)) in decision.changes {
            return Decision(decision.changes, .imported(ObjectReference(.payment, made.id.raw)))
        }
        throw .fault
    }

    private func difference(from known: Payment) -> String? {
        if known.currency != payment.currency { return "currency" }
        if known.authorized != payment.amount { return "amount" }
        return known.processorReference == payment.taken?.reference ? nil : "processor_reference"
    }
}

/// What became of one row of history.
package enum ImportOutcome: Sendable, Equatable {
    case imported(ObjectReference)
    /// It was here already, and says the same.
    case known(ObjectReference)
    /// Something else is here under that id; the member that differs.
    case differs(ObjectReference, in: String)
    /// A refund of ours of that amount is undecided, and may be this one: that has to be found out first.
    case mayBeOurs(ObjectReference)
}
