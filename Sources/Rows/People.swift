import Domain

extension Customer: StoredRow {
    package static let table = "customer"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["created_at"]
    package static let changingColumns = [
        "updated_at", "person", "external_reference", "metadata", "identity", "email_digest", "key_id",
        "deleted_at", "version", "sequence",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }
    package var fixedValues: [StoredValue] { [.moment(createdAt)] }

    package var changingValues: [StoredValue] {
        [
            .moment(updatedAt), .id(person), .text(externalReference), .text(metadata.stored), .digest(identity),
            .digest(emailDigest), .text(digestKeyID), .moment(deletedAt), .integer(version), .integer(sequence),
        ]
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Customer.ID = try columns.id()
        let createdAt = try columns.moment()
        let updatedAt = try columns.moment()
        try self.init(
            id: id,
            book: book,
            createdAt: createdAt,
            person: columns.optionalID(),
            externalReference: columns.optionalText(),
            metadata: columns.metadata(),
            identity: columns.optionalDigest(),
            emailDigest: columns.optionalDigest()
        )
        self.updatedAt = updatedAt
        digestKeyID = try columns.text()
        deletedAt = try columns.optionalMoment()
        version = try columns.integer()
        sequence = try columns.integer()
    }
}

extension Card: StoredRow {
    package static let table = "card"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["created_at", "last_four", "brand", "country", "funding", "scenario"]
    package static let changingColumns = [
        "updated_at", "network", "expiry_month", "expiry_year", "holder", "external_reference", "fingerprint",
        "key_id", "deleted_at", "version", "sequence",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [.moment(createdAt), .text(lastFour), .text(brand), .text(country), .text(funding), .text(scenario)]
    }

    package var changingValues: [StoredValue] {
        [
            .moment(updatedAt), .text(network), .integer(expiryMonth), .integer(expiryYear), .id(holder),
            .text(externalReference), .digest(fingerprint), .text(digestKeyID), .moment(deletedAt), .integer(version),
            .integer(sequence),
        ]
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Card.ID = try columns.id()
        let createdAt = try columns.moment()
        let lastFour = try columns.text()
        let brand = try columns.text()
        let country = try columns.optionalText()
        let funding = try columns.optionalText()
        let scenario = try columns.optionalText()
        let updatedAt = try columns.moment()
        try self.init(
            id: id,
            book: book,
            createdAt: createdAt,
            lastFour: lastFour,
            brand: brand,
            country: country,
            funding: funding,
            network: columns.optionalText(),
            expiryMonth: columns.integer(),
            expiryYear: columns.integer(),
            holder: columns.optionalID(),
            externalReference: columns.optionalText(),
            fingerprint: columns.optionalDigest(),
            scenario: scenario
        )
        self.updatedAt = updatedAt
        digestKeyID = try columns.text()
        deletedAt = try columns.optionalMoment()
        version = try columns.integer()
        sequence = try columns.integer()
    }
}
