import Domain
import Storage

/// What is recognised by a keyed digest.
extension Secrets {
    package func fingerprint(of card: CardNumber, month: Int64, year: Int64) -> Digest256 {
        digest("card", [card.digits, String(month), String(year)])
    }

    package func identity(of person: PersonDetails, externalReference: String?) -> Digest256 {
        digest("customer", [person.fullName, person.email, person.mobile, externalReference])
    }

    package func email(_ address: String) -> Digest256 {
        digest("email", [address.lowercased()])
    }
}

extension PersonDetails {
    /// The name as one text, however it was given.
    var fullName: String? {
        if let name { return name }
        let parts = [firstName, lastName].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
