import ConnectorKit
import Domain
import Storage

/// One payment on its way to its next state, with the journal, the pot, a dispute and the event.
struct PaymentMove {
    private(set) var payment: Payment
    private(set) var pot: Pot?
    private let isNew: Bool
    private var consequences: [Change] = []

    init(creating payment: Payment, pot: Pot?) {
        self.payment = payment
        self.pot = pot
        isNew = true
    }

    init(_ payment: Payment, in set: WorkingSet) {
        self.payment = payment
        pot = payment.pot.flatMap { set.pots[$0] }
        isNew = false
    }

    /// Takes the processor's word on where the payment is.
    mutating func follow(_ answer: PaymentAnswer, _ context: inout DecisionContext) throws(EngineFailure) {
        payment.state = answer.state
        payment.response = answer.response
        payment.dueAt = answer.nextStepAt
        if answer.state == .captured { try capture(answer.captured, fee: 0, at: context.moment, &context) }
        if answer.isDisputed, payment.captured > 0 { dispute(&context) }
    }

    /// - Parameter type: of the event, such as `payment.captured`.
    mutating func finish(_ type: String, by origin: Origin, _ context: DecisionContext) -> [Change] {
        if !isNew {
            payment.version += 1
            payment.sequence += 1
        }
        payment.updatedAt = context.moment
        let event = Event(
            book: payment.book,
            object: ObjectReference(.payment, payment.id.raw),
            sequence: payment.sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: payment.eventPart
        )
        let row: Change = isNew ? .insert(.payment(payment)) : .update(.payment(payment))
        return [row] + consequences + [.insert(.event(event))]
    }

    /// Takes over what a processor captured without us.
    ///
    /// - Parameter amount: in minor units; `nil` for all of it.
    mutating func record(
        _ taking: PaymentTaken,
        _ amount: Int64?,
        _ context: inout DecisionContext
    ) throws(EngineFailure) {
        payment.state = .captured
        payment.processorReference = taking.reference
        try capture(amount, fee: taking.fee, at: taking.capturedAt, &context)
    }

    /// - Parameters:
    ///   - amount: in minor units; `nil` for all that is left.
    ///   - fee: what the processor keeps of it.
    private mutating func capture(
        _ amount: Int64?,
        fee: Int64,
        at moment: Moment,
        _ context: inout DecisionContext
    ) throws(EngineFailure) {
        let left = payment.authorized - payment.voided - payment.captured
        let amount = min(amount ?? left, left)
        guard amount > 0 else { return }
        payment.captured += amount
        payment.excess = context.rules.amounts.excess(payment)
        payment.capturedAt = moment
        let capture = Capture(
            id: context.newID(),
            book: payment.book,
            payment: payment.id,
            amount: amount,
            fee: fee,
            reference: payment.processorReference,
            capturedAt: moment
        )
        consequences.append(.insert(.capture(capture)))
        consequences.append(.insert(.entry(entry(context.rules.postings.captured(), amount, context))))
        if fee > 0 { consequences.append(.insert(.entry(entry(context.rules.postings.feeKept(), fee, context)))) }
        try fillPot(amount)
    }

    private mutating func fillPot(_ amount: Int64) throws(EngineFailure) {
        guard var pot else { return }
        let (volume, volumeOverflow) = pot.volume.addingReportingOverflow(amount)
        let (balance, balanceOverflow) = pot.balance.addingReportingOverflow(amount)
        guard !volumeOverflow, !balanceOverflow else { throw .rejected(.amountOutOfRange) }
        pot.volume = volume
        pot.balance = balance
        pot.version += 1
        self.pot = pot
        consequences.append(.update(.pot(pot)))
    }

    /// The payer's bank disputes the whole payment.
    private mutating func dispute(_ context: inout DecisionContext) {
        let dispute = Dispute(
            id: context.newID(),
            book: payment.book,
            payment: payment.id,
            amount: payment.captured,
            currency: payment.currency,
            stage: .chargeback,
            state: .open,
            fundsWithdrawn: true,
            openedAt: context.moment,
            reference: nil,
            response: "45"
        )
        var move = DisputeMove(dispute, of: payment)
        consequences += move.open(by: .system(payment.book, payment.connector), context)
        payment = move.payment
    }

    private func entry(_ posting: Posting, _ amount: Int64, _ context: DecisionContext) -> LedgerEntry {
        LedgerEntry(
            book: payment.book,
            posting: posting,
            amount: amount,
            currency: payment.currency,
            cause: ObjectReference(.payment, payment.id.raw),
            sequence: isNew ? payment.sequence : payment.sequence + 1,
            bookedAt: context.moment
        )
    }
}
