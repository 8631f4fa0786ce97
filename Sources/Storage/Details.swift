import Domain

/// A payment with everything that an answer about it may show.
package struct PaymentDetails: Sendable {
    package var payment: Payment
    package var card: CardDetails?
    package var customer: CustomerDetails?
    package var payer: Person?
    /// In the order in which they were made.
    package var refunds: [Refund]
    package var facet: Facet?
    /// Free texts by name.
    package var notes: [String: String]
    package var names: Names

    package init(
        payment: Payment,
        card: CardDetails?,
        customer: CustomerDetails?,
        payer: Person?,
        refunds: [Refund],
        facet: Facet?,
        notes: [String: String],
        names: Names
    ) {
        self.payment = payment
        self.card = card
        self.customer = customer
        self.payer = payer
        self.refunds = refunds
        self.facet = facet
        self.notes = notes
        self.names = names
    }
}

package struct RefundDetails: Sendable {
    package var refund: Refund
    /// What the payment captured, in minor units.
    package var paymentCaptured: Int64
    package var comment: String?
    /// Whether the asking API no longer shows it.
    package var isHidden: Bool
    package var names: Names

    package init(refund: Refund, paymentCaptured: Int64, comment: String?, isHidden: Bool, names: Names) {
        self.refund = refund
        self.paymentCaptured = paymentCaptured
        self.comment = comment
        self.isHidden = isHidden
        self.names = names
    }
}

package struct CustomerDetails: Sendable {
    package var customer: Customer
    package var person: Person?
    package var names: Names

    package init(customer: Customer, person: Person?, names: Names) {
        self.customer = customer
        self.person = person
        self.names = names
    }
}

package struct CardDetails: Sendable {
    package var card: Card
    package var holder: Person?
    package var names: Names

    package init(card: Card, holder: Person?, names: Names) {
        self.card = card
        self.holder = holder
        self.names = names
    }
}

package struct PotDetails: Sendable {
    package var pot: Pot
    package var facet: Facet?
    package var names: Names

    package init(pot: Pot, facet: Facet?, names: Names) {
        self.pot = pot
        self.facet = facet
        self.names = names
    }
}

package struct DisputeDetails: Sendable {
    package var dispute: Dispute
    package var orderReference: String?
    package var names: Names

    package init(dispute: Dispute, orderReference: String?, names: Names) {
        self.dispute = dispute
        self.orderReference = orderReference
        self.names = names
    }
}
