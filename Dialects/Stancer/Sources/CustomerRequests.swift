import DialectKit
import Domain
import Engine

extension Requests {
    /// A new customer can be reached in one way at least.
    static func customerDraft(_ fields: Fields, _ context: RequestContext) throws(Refusal) -> CustomerDraft {
        let person = try person(fields)
        guard person.email != nil || person.mobile != nil else {
            throw fields.invalid("email", "is required where there is no mobile")
        }
        return CustomerDraft(
            person: person,
            externalReference: try externalReference(fields),
            secrets: context.engine.secrets
        )
    }

    static func person(_ fields: Fields) throws(Refusal) -> PersonDetails {
        PersonDetails(
            name: try fields.text("name", 3...64),
            email: try fields.text("email", 5...64),
            mobile: try fields.text("mobile", 8...16)
        )
    }
}
