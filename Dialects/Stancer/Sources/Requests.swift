import DialectKit
import Domain
import Engine
import Storage

/// Bodies as commands. What stands about each object is in the file of its name.
enum Requests {
    /// `payment` is an id and nothing else. An uncaptured payment is let go instead of refunded.
    static func newRefund(_ context: RequestContext) throws(Refusal) -> CreateRefund {
        let fields = try context.fields()
        return CreateRefund(
            origin: context.origin,
            payment: context.object(.payment, try fields.requiredText("payment")),
            amount: try fields.amount("amount"),
            currency: try fields.currency("currency"),
            mayVoid: true,
            policy: context.policy
        )
    }

    /// A member that is an object's id, an object that holds one, or a description of a new object.
    static func reference<Wish>(
        _ member: String,
        _ fields: Fields,
        existing: (String) -> Wish,
        new: (Fields) throws(Refusal) -> Wish
    ) throws(Refusal) -> Wish? {
        guard let value = fields[member] else { return nil }
        switch value {
        case .string: return existing(try fields.requiredText(member))
        case .object:
            guard let object = try fields.object(member) else { return nil }
            if let id = try object.text("id", 1...500) { return existing(id) }
            return try new(object)
        case .null, .bool, .number, .array:
            throw fields.invalid(member, "must be an id or an object, not \(value.kind)")
        }
    }

    static func externalReference(_ fields: Fields) throws(Refusal) -> String? {
        try fields.text("external_id", 1...36)
    }

    /// Where a payer comes back to.
    static func returnURL(_ fields: Fields) throws(Refusal) -> String? {
        guard let text = try fields.text("return_url", 0...2048) else { return nil }
        guard text.hasPrefix("https://"), text.count > "https://".count else {
            throw fields.invalid("return_url", "must be an HTTPS address")
        }
        return text
    }
}
