import Domain
import GRDB

extension Customer: StoredRow {
    static let table = "customer"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["created_at"]
    static let changingColumns = [
        "updated_at", "person", "external_reference", "metadata", "identity", "email_digest", "key_id",
        "deleted_at", "version", "sequence",
    ]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [createdAt.milliseconds] }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [
            updatedAt.milliseconds, person?.data, externalReference, metadata.stored, identity?.data,
            emailDigest?.data, digestKeyID, deletedAt?.milliseconds, version, sequence,
        ]
    }

    init(from columns: inout Columns) throws {
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
    static let table = "card"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["created_at", "last_four", "brand", "country", "funding", "scenario"]
    static let changingColumns = [
        "updated_at", "network", "expiry_month", "expiry_year", "holder", "external_reference", "fingerprint",
        "key_id", "deleted_at", "version", "sequence",
    ]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [createdAt.milliseconds, lastFour, brand, country, funding, scenario]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [
            updatedAt.milliseconds, network, expiryMonth, expiryYear, holder?.data, externalReference,
            fingerprint?.data, digestKeyID, deletedAt?.milliseconds, version, sequence,
        ]
    }

    init(from columns: inout Columns) throws {
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
