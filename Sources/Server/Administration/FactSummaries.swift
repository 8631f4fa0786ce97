import Domain
import Engine

/// A dispute as the command line shows it. Amount in minor units.
package struct DisputeSummary: Codable, Sendable {
    package let id: String
    package let payment: String
    package let amount: Int64
    package let currency: String
    package let stage: String
    package let state: String
    package let fundsWithdrawn: Bool
    package let reference: String?
    package let response: String?
    /// In ISO 8601, like every instant here.
    package let opened: String
    package let closed: String?

    private enum CodingKeys: String, CodingKey {
        case id, payment, amount, currency, stage, state, reference, response, opened, closed
        case fundsWithdrawn = "funds_withdrawn"
    }

    package init(_ dispute: Dispute) {
        id = ObjectText.text(dispute.id.raw)
        payment = ObjectText.text(dispute.payment.raw)
        amount = dispute.amount
        currency = dispute.currency.code
        stage = dispute.stage.rawValue
        state = dispute.state.rawValue
        fundsWithdrawn = dispute.fundsWithdrawn
        reference = dispute.reference
        response = dispute.response
        opened = Instant.text(dispute.openedAt)
        closed = dispute.closedAt.map(Instant.text)
    }
}

/// What became of a refund that was found at the processor.
package struct ExternalSummary: Codable, Sendable {
    package enum Result: String, Codable, Sendable {
        case recorded
        /// A refund with that reference is there already.
        case known
        /// A refund of ours may be the one; it is asked about.
        case mayBeOurs = "may_be_ours"
    }

    package let result: Result
    package let refund: String

    init(_ outcome: RecordExternalRefund.Outcome) {
        switch outcome {
        case .recorded(let refund): (result, self.refund) = (.recorded, ObjectText.text(refund.id.raw))
        case .known(let refund): (result, self.refund) = (.known, ObjectText.text(refund.id.raw))
        case .mayBeOurs(let refund): (result, self.refund) = (.mayBeOurs, ObjectText.text(refund.id.raw))
        }
    }
}
