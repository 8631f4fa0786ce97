import DialectKit
import Domain
import Engine

// What a request's body asks for, as commands.

extension CreateRefund {
    /// `payment`, and `amount` in minor units; without one, what is left.
    init(_ context: RequestContext) throws(Refusal) {
        let fields = try context.fields()
        self.init(
            origin: context.origin,
            payment: context.named(.payment, try fields.requiredText("payment", 1...255)),
            amount: try fields.amount("amount"),
            reasonCode: nil,
            comment: nil,
            metadata: [:],
            policy: context.policy
        )
    }
}
