import ConnectorKit
import Domain
import Storage

/// Gives money back: checks what may be refunded and holds the amount, in one transaction. Sending it is the
/// dispatcher's work, later.
package struct CreateRefund: Command {
    package let origin: Origin
    package let payment: ObjectName
    /// `nil` for what is left.
    package let amount: Amount?
    /// If given, it has to be the payment's.
    package let currency: Currency?
    package let reasonCode: String?
    package let comment: String?
    package let metadata: Metadata
    /// Whether the API it came through can let an uncaptured payment go.
    package let mayVoid: Bool
    /// What the account chose about refunds.
    package let policy: RefundPolicy
    /// Whether the API it came through knows a payment that no processor was asked for yet.
    package let seesUnbegun: Bool
    /// The refund that this one asks for once more.
    var retryOf: Refund.ID?
    /// What the caller believes of the payment.
    package var belief = Belief()

    /// A refund is refused where the payment is no longer as its caller saw it.
    package struct Belief: Sendable {
        /// Which payment was looked at.
        package var payment: Payment.ID?
        package var version: Int64?
        /// Minor units.
        package var refundable: Int64?

        package init(payment: Payment.ID? = nil, version: Int64? = nil, refundable: Int64? = nil) {
            self.payment = payment
            self.version = version
            self.refundable = refundable
        }

        func isTrue(of payment: Payment, _ amounts: AmountRules) -> Bool {
            (self.payment ?? payment.id) == payment.id && (version ?? payment.version) == payment.version
                && refundable.map { $0 == amounts.refundable(payment) } ?? true
        }
    }

    package init(
        origin: Origin,
        payment: ObjectName,
        amount: Amount?,
        currency: Currency? = nil,
        reasonCode: String? = nil,
        comment: String? = nil,
        metadata: Metadata = [:],
        mayVoid: Bool = false,
        policy: RefundPolicy = RefundPolicy(),
        seesUnbegun: Bool = true
    ) {
        self.origin = origin
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.reasonCode = reasonCode
        self.comment = comment
        self.metadata = metadata
        self.mayVoid = mayVoid
        self.policy = policy
        self.seesUnbegun = seesUnbegun
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [payment]
        footprint.facets = [facet]
        return footprint
    }

    private var facet: FacetName { FacetName(dialect: origin.dialect, object: payment) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard context.connectors.connector(for: Account.mode(of: origin.book)) != nil else {
            throw .rejected(.noProcessorConfigured)
        }
        guard let payment = set.payment(payment), set.facet(facet)?.hiddenAt == nil,
            seesUnbegun || payment.state.isBegun
        else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        guard belief.isTrue(of: payment, context.rules.amounts) else {
            throw .rejected(.paymentChanged(version: payment.version))
        }
        let kind: RefundKind = mayVoid && payment.state.isVoidable ? .void : .refund
        do throws(Rejection) {
            let amount = try kind == .void ? voidedAmount(of: payment) : refundedAmount(of: payment, set, context)
            return try decision(kind, amount, payment, set, &context)
        } catch {
            throw .rejected(error)
        }
    }

    /// What it takes, in minor units, once nothing speaks against it. The order is that of ``Rejection``.
    func refundedAmount(
        of payment: Payment,
        _ set: WorkingSet,
        _ context: DecisionContext
    ) throws(Rejection) -> Int64 {
        try checkRequest(against: payment)
        switch payment.state {
        case .captured: break
        case .captureSent: throw .captureInProgress
        case .authorized, .toCapture: throw .notCaptured(payment.state)
        case .created, .canceled, .expired, .failed, .refused: throw .paymentEnded(payment.state)
        }
        if payment.isDisputed { throw .paymentDisputed }
        if payment.excess > 0 { throw .paymentInExcess }
        let remaining = context.rules.amounts.refundable(payment)
        guard remaining > 0 else { throw .nothingLeft }
        let wanted = amount?.minorUnits ?? remaining
        guard wanted <= remaining else { throw .exceedsRefundable(remaining: remaining) }
        if let pot = payment.pot.flatMap({ set.pots[$0] }), pot.balance < wanted {
            throw .potBalanceTooLow(balance: pot.balance)
        }
        return wanted
    }

    /// A void takes the whole authorized amount, or nothing.
    private func voidedAmount(of payment: Payment) throws(Rejection) -> Int64 {
        try checkRequest(against: payment)
        let whole = payment.authorized - payment.voided
        if let amount, amount.minorUnits < whole { throw .partialBeforeCapture }
        guard whole > 0 else { throw .nothingLeft }
        return whole
    }

    func checkRequest(against payment: Payment) throws(Rejection) {
        if let currency, currency != payment.currency { throw .currencyDiffers(expected: payment.currency) }
        let original = payment.captured > 0 ? payment.captured : payment.authorized
        if let amount, amount.minorUnits > original { throw .exceedsPayment(amount: original) }
    }

    private func decision(
        _ kind: RefundKind,
        _ amount: Int64,
        _ payment: Payment,
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(Rejection) -> Decision<RefundDetails> {
        guard let connector = context.connectors.connector(named: payment.connector) else {
            throw .noProcessorConfigured
        }
        let waits = kind != .void && context.rules.approval.needs(amount, policy)
        var refund = Refund(
            id: context.newID(),
            book: origin.book,
            payment: payment,
            kind: kind,
            amount: amount,
            createdAt: context.moment,
            status: kind == .void ? .succeeded : waits ? .awaitingApproval : .queued,
            reasonCode: reasonCode,
            actor: origin.actor,
            requestID: origin.requestID,
            origin: origin.dialect,
            metadata: metadata,
            retryOf: retryOf
        )
        if kind == .void {
            refund.firstSentAt = context.moment
            refund.succeededAt = context.moment
        } else if waits {
            refund.awaitApproval(at: context.moment, policy)
        } else {
            refund.queue(at: context.moment, policy, connector)
        }
        var move = RefundMove(creating: refund, payment: payment, pot: payment.pot.flatMap { set.pots[$0] })
        var changes = move.create(by: origin, context)
        if let comment, !comment.isEmpty {
            let reference = ObjectReference(.refund, refund.id.raw)
            changes.append(.insert(.note(Note(book: origin.book, object: reference, name: "comment", text: comment))))
        }
        return Decision(changes) { [origin] set in set.details(of: refund, dialect: origin.dialect) }
    }
}
