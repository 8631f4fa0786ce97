import ConnectorKit
import Domain
import Engine
import Storage

/// Puts a payment there as it might have come to be through another API.
struct PlantedPayment: Command {
    let book: Book
    var state = PaymentState.captured
    var method: PaymentMethod? = .card
    var amount: Int64 = 1000
    var disputed: Int64 = 0
    var excess: Int64 = 0
    /// The balance of the collection that it belongs to, if it does.
    var potBalance: Int64?
    var connector = "sandbox"

    init(_ book: Book) {
        self.book = book
    }

    var footprint: Footprint { Footprint() }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<UInt128> {
        guard let currency = Currency(code: "USD") else { throw .fault }
        var payment = Payment(
            id: context.ids.next(at: context.moment),
            book: book,
            createdAt: context.moment,
            state: state,
            currency: currency,
            authorized: amount,
            connector: connector,
            connectorAccount: "default",
            origin: "stancer"
        )
        payment.method = method
        payment.captured = state == .captured ? amount : 0
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
        return Decision(changes + [.insert(.payment(payment))], payment.id.raw)
    }
}

/// Puts a refund into a status that the simulated processor does not lead to.
struct PlantedStatus: Command {
    let refund: ObjectName
    let status: RefundStatus

    var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [refund]
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Void> {
        guard var refund = set.refund(refund) else { throw .fault }
        refund.status = status
        refund.dueAt = nil
        return Decision([.update(.refund(refund))], ())
    }
}
