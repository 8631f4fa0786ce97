import ConnectorKit
import Domain
import Storage

/// Takes a payment, so that there is something to refund. Only a simulated processor can.
package struct CreatePayment: Command {
    package let origin: Origin
    /// Minor units; 0 only for a payment that is not captured at once.
    package let amount: Int64
    /// `nil` for the pot's.
    package let currency: Currency?
    package var method: PaymentMethod?
    package var card: CardWish?
    package var customer: CustomerWish?
    package var pot: ObjectName?
    package var payer: PersonDetails?
    /// `false` leaves it authorized until its capture is asked for.
    package var capturesAtOnce = true
    /// Whether the API shows a captured card payment as settled at once.
    package var settlesAtOnce = false
    /// Whether the payer has to prove who they are first: the processor is not asked before.
    package var awaitsPayer = false
    /// That it was taken elsewhere: its processor is not asked to take it.
    package var taken: PaymentTaken?
    /// That it happened before it is written down here; only together with ``taken``.
    package var past: PastPayment?
    package var orderReference: String?
    package var uniqueReference: String?
    package var metadata: Metadata = [:]
    /// Free texts by the names of ``Note``.
    package var notes: [String: String] = [:]
    /// What the API keeps for itself, as JSON.
    package var facet: String?

    package init(origin: Origin, amount: Int64, currency: Currency?) {
        self.origin = origin
        self.amount = amount
        self.currency = currency
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.addedTo = [origin.book]
        if let pot { footprint.objects.insert(pot) }
        card?.extend(&footprint, in: origin.book)
        customer?.extend(&footprint, in: origin.book)
        if let uniqueReference { footprint.naturalKeys.insert(.uniqueReference(origin.book, uniqueReference)) }
        if let taken { footprint.naturalKeys.insert(taken.key(in: origin.book)) }
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<PaymentDetails> {
        let mode = Account.mode(of: origin.book)
        guard let connector = context.connectors.connector(for: mode), takes(connector) else {
            throw .rejected(.noProcessorConfigured)
        }
        let pot = try pot.map { name throws(EngineFailure) in try openPot(name, set) }
        guard let currency = currency ?? pot?.currency else { throw .fault }
        if let pot, pot.currency != currency { throw .rejected(.currencyDiffers(expected: pot.currency)) }
        if let uniqueReference, let other = set.holder(of: .uniqueReference(origin.book, uniqueReference)) {
            throw .rejected(.uniqueReferenceTaken(by: Payment.ID(other)))
        }
        if let taken, let other = set.holder(of: taken.key(in: origin.book)) {
            throw .rejected(.processorReferenceTaken(by: Payment.ID(other)))
        }
        let card = try self.card?.resolve(set, origin, &context)
        let customer = try self.customer?.resolve(set, origin, &context)
        let payer = self.payer.map { Person(id: context.newID(), book: origin.book, details: $0) }

        var payment = newPayment(currency, connector.name, &context)
        payment.card = card?.0.id
        payment.customer = customer?.0.id
        payment.pot = pot?.id
        payment.payer = payer?.id
        payment.method = method
        payment.aliased =
            past != nil || set.names.contains(pot?.id.raw) || set.names.contains(customer?.0.id.raw)
            || set.names.contains(card?.0.id.raw)
        var move = PaymentMove(creating: payment, pot: pot)
        if let taken {
            try move.record(taken, past?.captured, &context)
        } else if let connector = connector as? any PaymentTaking, let method, !awaitsPayer {
            let order = PaymentOrder(
                amount: amount,
                currency: currency,
                method: method,
                cardScenario: card?.0.scenario,
                capturesAtOnce: capturesAtOnce,
                settlesAtOnce: settlesAtOnce,
                moment: context.moment
            )
            try move.follow(connector.take(order), &context)
        }
        var changes = (card?.1 ?? []) + (customer?.1 ?? [])
        if let payer { changes.append(.insert(.person(payer))) }
        let type = past == nil ? "payment.created" : "payment.imported"
        changes += move.finish(type, by: origin, context) + attachments(to: payment)
        return Decision(changes) { [origin, id = payment.id] set in
            guard let payment = set.payments[id] else { preconditionFailure("what was inserted is there") }
            return set.details(of: payment, dialect: origin.dialect)
        }
    }

    /// What was taken elsewhere needs no more than the processor that took it.
    private func takes(_ connector: any Connector) -> Bool {
        taken.map { $0.connector == connector.name } ?? (connector is any PaymentTaking)
    }

    private func openPot(_ name: ObjectName, _ set: WorkingSet) throws(EngineFailure) -> Pot {
        guard let pot = set.pot(name) else { throw .notFound(.pot, text: name.spelling?.text ?? "") }
        guard pot.isOpen else { throw .rejected(.potClosed) }
        return pot
    }

    private func newPayment(
        _ currency: Currency,
        _ connector: String,
        _ context: inout DecisionContext
    ) -> Payment {
        var payment = Payment(
            id: context.newID(createdAt: past?.createdAt),
            book: origin.book,
            createdAt: past?.createdAt ?? context.moment,
            state: .created,
            currency: currency,
            authorized: amount,
            connector: connector,
            connectorAccount: taken?.account ?? "default",
            origin: origin.dialect
        )
        payment.orderReference = orderReference
        payment.uniqueReference = uniqueReference
        payment.metadata = metadata
        return payment
    }

    private func attachments(to payment: Payment) -> [Change] {
        let object = ObjectReference(.payment, payment.id.raw)
        var changes = notes.sorted { $0.key < $1.key }
            .map { name, text in
                Change.insert(.note(Note(book: origin.book, object: object, name: name, text: text)))
            }
        if let past {
            changes.append(.insert(.alias(Alias(book: origin.book, spelling: past.spelling, object: object))))
        }
        if let facet {
            changes.append(
                .insert(.facet(Facet(book: origin.book, dialect: origin.dialect, object: object, body: facet)))
            )
        }
        return changes
    }
}
