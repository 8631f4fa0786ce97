import Domain
import Engine
import Storage
import TestSupport

/// Puts a payment there as it might have come to be through another API.
struct PlantedPayment: Command {
    let book: Book
    var state = PaymentState.captured
    var amount: Int64 = 2100
    var reserved: Int64 = 0
    var refunded: Int64 = 0
    var disputed: Int64 = 0
    var excess: Int64 = 0
    /// The balance of the pot that it belongs to, if it does.
    var potBalance: Int64?
    var notes: [String: String] = [:]

    init(_ book: Book) {
        self.book = book
    }

    var footprint: Footprint { Footprint() }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<UInt128> {
        guard let currency = Currency(code: "GBP") else { throw .fault }
        var payment = Payment(
            id: context.ids.next(at: context.moment),
            book: book,
            createdAt: context.moment,
            state: state,
            currency: currency,
            authorized: amount,
            connector: "sandbox",
            connectorAccount: "default",
            origin: "stancer"
        )
        payment.method = state == .created ? nil : .card
        payment.captured = state == .captured ? amount : 0
        payment.reserved = reserved
        payment.refunded = refunded
        payment.disputed = disputed
        payment.excess = excess
        var changes: [Change] = []
        if let potBalance {
            var pot = Pot(
                id: context.ids.next(at: context.moment),
                book: book,
                createdAt: context.moment,
                name: "Shoebox",
                currency: currency,
                owner: nil,
                metadata: [:]
            )
            pot.balance = potBalance
            payment.pot = pot.id
            changes.append(.insert(.pot(pot)))
        }
        changes.append(.insert(.payment(payment)))
        let object = ObjectReference(.payment, payment.id.raw)
        for (name, text) in notes.sorted(by: { $0.key < $1.key }) {
            changes.append(.insert(.note(Note(book: book, object: object, name: name, text: text))))
        }
        return Decision(changes, payment.id.raw)
    }
}

/// Puts a refund into a state that the simulated processor does not lead to.
struct PlantedRefundState: Command {
    let refund: ObjectName
    let status: RefundStatus
    var failure: RefundFailure?
    var wasSent = false

    var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [refund]
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Void> {
        guard var refund = set.refund(refund) else { throw .fault }
        refund.status = status
        refund.failure = failure
        refund.firstSentAt = wasSent ? context.moment : nil
        refund.attempts = wasSent ? 1 : 0
        refund.dueAt = nil
        return Decision([.update(.refund(refund))], ())
    }
}

/// Closes a pot, as the vendor's own pages can.
struct ClosedPot: Command {
    let pot: ObjectName

    var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [pot]
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Void> {
        guard var pot = set.pot(pot) else { throw .fault }
        pot.isOpen = false
        return Decision([.update(.pot(pot))], ())
    }
}
