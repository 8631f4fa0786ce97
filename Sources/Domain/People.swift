/// What is personal about somebody, apart from everything else so that it can be erased. Never changed:
/// an update writes a new row and points to it.
package struct Person: Sendable, Equatable {
    package typealias ID = Identifier<Person>

    package let id: ID
    package let book: Book
    package var name: String?
    package var firstName: String?
    package var lastName: String?
    package var email: String?
    package var mobile: String?
    package var postalCode: String?

    package init(id: ID, book: Book, details: PersonDetails) {
        self.id = id
        self.book = book
        name = details.name
        firstName = details.firstName
        lastName = details.lastName
        email = details.email
        mobile = details.mobile
        postalCode = details.postalCode
    }

    package var details: PersonDetails {
        PersonDetails(
            name: name,
            firstName: firstName,
            lastName: lastName,
            email: email,
            mobile: mobile,
            postalCode: postalCode
        )
    }

    /// First name, split from a single name at its last space where there is no better.
    package var givenName: String? {
        if firstName != nil || lastName != nil { return firstName }
        guard let name, let space = name.lastIndex(of: " ") else { return name }
        return String(name[..<space])
    }

    package var familyName: String? {
        if firstName != nil || lastName != nil { return lastName }
        guard let name, let space = name.lastIndex(of: " ") else { return nil }
        return String(name[name.index(after: space)...])
    }

    package var fullName: String? {
        if let name { return name }
        let parts = [firstName, lastName].compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// What a request says about a person.
package struct PersonDetails: Sendable, Equatable {
    package var name: String?
    package var firstName: String?
    package var lastName: String?
    package var email: String?
    package var mobile: String?
    package var postalCode: String?

    package init(
        name: String? = nil,
        firstName: String? = nil,
        lastName: String? = nil,
        email: String? = nil,
        mobile: String? = nil,
        postalCode: String? = nil
    ) {
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.mobile = mobile
        self.postalCode = postalCode
    }
}

/// Somebody who pays, as a merchant knows them. Tombstoned, never deleted.
package struct Customer: Sendable, Equatable {
    package typealias ID = Identifier<Customer>

    package let id: ID
    package let book: Book
    package let createdAt: Moment
    package var updatedAt: Moment
    package var person: Person.ID?
    package var externalReference: String?
    package var metadata: Metadata
    /// Keyed digest of everything that makes two customers equal.
    package var identity: Digest256?
    /// Keyed digest of the e-mail address, to find somebody by it.
    package var emailDigest: Digest256?
    /// The master key that the digests were made with.
    package var digestKeyID = ""
    package var deletedAt: Moment?
    package var version: Int64 = 1
    package var sequence: Int64 = 1

    package init(
        id: ID,
        book: Book,
        createdAt: Moment,
        person: Person.ID?,
        externalReference: String?,
        metadata: Metadata,
        identity: Digest256?,
        emailDigest: Digest256?
    ) {
        self.id = id
        self.book = book
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.person = person
        self.externalReference = externalReference
        self.metadata = metadata
        self.identity = identity
        self.emailDigest = emailDigest
    }
}

/// A payment card as far as it may be kept: never its number, never its code. Tombstoned, never deleted.
package struct Card: Sendable, Equatable {
    package typealias ID = Identifier<Card>

    package let id: ID
    package let book: Book
    package let createdAt: Moment
    package var updatedAt: Moment
    package let lastFour: String
    package let brand: String
    package let country: String?
    package let funding: String?
    package var network: String?
    package var expiryMonth: Int64
    package var expiryYear: Int64
    /// The holder's name and postal code.
    package var holder: Person.ID?
    package var externalReference: String?
    /// Keyed digest of number and expiry; equal cards have equal ones.
    package var fingerprint: Digest256?
    /// The master key that the fingerprint was made with.
    package var digestKeyID = ""
    /// What the simulated processor does with it; `nil` for a card that simply succeeds.
    package let scenario: String?
    package var deletedAt: Moment?
    package var version: Int64 = 1
    package var sequence: Int64 = 1

    package init(
        id: ID,
        book: Book,
        createdAt: Moment,
        lastFour: String,
        brand: String,
        country: String?,
        funding: String?,
        network: String?,
        expiryMonth: Int64,
        expiryYear: Int64,
        holder: Person.ID?,
        externalReference: String?,
        fingerprint: Digest256?,
        scenario: String?
    ) {
        self.id = id
        self.book = book
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.lastFour = lastFour
        self.brand = brand
        self.country = country
        self.funding = funding
        self.network = network
        self.expiryMonth = expiryMonth
        self.expiryYear = expiryYear
        self.holder = holder
        self.externalReference = externalReference
        self.fingerprint = fingerprint
        self.scenario = scenario
    }
}

/// 32 bytes of a keyed or plain SHA-256.
package struct Digest256: Hashable, Sendable, Comparable {
    package let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    package static func < (left: Digest256, right: Digest256) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
