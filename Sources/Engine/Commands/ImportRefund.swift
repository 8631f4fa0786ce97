import Domain
import Storage

/// Writes down a refund that was made before Storno knew of it, under the id that it had. Unlike a fact from the
/// processor it is refused where the payment has not that much left: a file may be wrong.
package struct ImportRefund: Command {
    package let origin: Origin
    package let name: ObjectName
    package let payment: ObjectName
    package let amount: Amount
    /// If given, it has to be the payment's.
    package let currency: Currency?
    package let createdAt: Moment
    package let end: End
    package let processorReference: String
    package var reasonCode: String?
    package var metadata: Metadata = [:]

    /// How it ended.
    package enum End: Sendable, Equatable {
        case succeeded(at: Moment)
        case failed(RefundFailure)
    }

    /// - Parameter name: with the spelling under which it is known.
    package init(
        origin: Origin,
        name: ObjectName,
        payment: ObjectName,
        amount: Amount,
        currency: Currency?,
        createdAt: Moment,
        end: End,
        processorReference: String
    ) {
        self.origin = origin
        self.name = name
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.createdAt = createdAt
        self.end = end
        self.processorReference = processorReference
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [name]
        footprint.found = [RefundFinding(of: payment, reference: processorReference)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<ImportOutcome> {
        guard let payment = set.payment(payment) else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        if let known = set.refund(name) {
            let outcome = outcome(knowing: known, of: payment)
            return Decision([], outcome)
        }
        let own = set.ownRefunds(of: payment.id)
        let rules = context.rules.external
        let twin =
            set.externalRefund(of: payment.id, reference: processorReference)
            ?? own.first { rules.isKnown($0, set.evidence(of: $0.id), processorReference) }
        if let twin { return give(nameTo: twin, of: payment) }
        if let candidate = own.first(where: { rules.mayBeOurs($0, amount.minorUnits) }) {
            return Decision([], .mayBeOurs(ObjectReference(.refund, candidate.id.raw)))
        }
        do throws(Rejection) {
            try check(payment, set, context)
        } catch {
            throw .rejected(error)
        }
        let refund = refund(of: payment, &context)
        var move = RefundMove(creating: refund, payment: payment, pot: payment.pot.flatMap { set.pots[$0] })
        var changes = move.create(by: origin, as: "refund.imported", context)
        changes.append(.insert(.evidence(fact(about: refund, &context))))
        changes += alias(of: refund.id)
        return Decision(changes, .imported(ObjectReference(.refund, refund.id.raw)))
    }

    /// The rules are those of any refund; one that failed took nothing.
    private func check(_ payment: Payment, _ set: WorkingSet, _ context: DecisionContext) throws(Rejection) {
        let wish = CreateRefund(
            origin: origin,
            payment: self.payment,
            amount: amount,
            currency: currency,
            reasonCode: reasonCode,
            comment: nil,
            metadata: metadata
        )
        switch end {
        case .succeeded: _ = try wish.refundedAmount(of: payment, set, context)
        case .failed: try wish.checkRequest(against: payment)
        }
    }

    private func outcome(knowing known: Refund, of payment: Payment) -> ImportOutcome {
        let reference = ObjectReference(.refund, known.id.raw)
        if known.payment != payment.id { return .differs(reference, in: "payment") }
        return known.amount == amount.minorUnits ? .known(reference) : .differs(reference, in: "amount")
    }

    /// The processor's refund is here already, found by other ways: it gets the name as well.
    private func give(nameTo twin: Refund, of payment: Payment) -> Decision<ImportOutcome> {
        let outcome = outcome(knowing: twin, of: payment)
        guard case .known = outcome else { return Decision([], outcome) }
        var named = twin
        named.aliased = true
        return Decision(alias(of: twin.id) + [.update(.refund(named))], outcome)
    }

    private func alias(of id: Refund.ID) -> [Change] {
        guard let spelling = name.spelling else { preconditionFailure("history has the names that it had") }
        let object = ObjectReference(.refund, id.raw)
        return [.insert(.alias(Alias(book: origin.book, spelling: spelling, object: object)))]
    }

    private func refund(of payment: Payment, _ context: inout DecisionContext) -> Refund {
        var refund = Refund(
            id: context.newID(createdAt: createdAt),
            book: payment.book,
            payment: payment,
            kind: .external,
            amount: amount.minorUnits,
            createdAt: createdAt,
            status: .succeeded,
            reasonCode: reasonCode,
            actor: origin.actor,
            requestID: origin.requestID,
            origin: origin.dialect,
            metadata: metadata
        )
        switch end {
        case .succeeded(let moment): refund.succeededAt = moment
        case .failed(let failure):
            refund.status = .failed
            refund.failure = failure
        }
        refund.processorReference = processorReference
        refund.firstSentAt = createdAt
        refund.updatedAt = context.moment
        refund.aliased = true
        return refund
    }

    private func fact(about refund: Refund, _ context: inout DecisionContext) -> Evidence {
        Evidence(
            id: context.newID(),
            book: refund.book,
            refund: refund.id,
            attempt: nil,
            source: .operator,
            claim: refund.status == .succeeded ? .succeeded : .refused,
            amount: refund.amount,
            currency: refund.currency,
            processorReference: processorReference,
            failure: refund.failure,
            processorTime: refund.succeededAt ?? refund.createdAt,
            arrivedAt: context.moment
        )
    }
}
