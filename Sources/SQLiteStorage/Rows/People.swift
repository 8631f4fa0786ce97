import Domain
import GRDB

extension Person: StoredRow {
    static let table = "person"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["name", "first_name", "last_name", "email", "mobile", "postal_code"]
    static let changingColumns: [String] = []

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [name, firstName, lastName, email, mobile, postalCode] }
    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(from columns: inout Columns) {
        let book = columns.book()
        self.init(
            id: columns.id(),
            book: book,
            details: PersonDetails(
                name: columns.optionalText(),
                firstName: columns.optionalText(),
                lastName: columns.optionalText(),
                email: columns.optionalText(),
                mobile: columns.optionalText(),
                postalCode: columns.optionalText()
            )
        )
    }
}

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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Customer.ID = columns.id()
        let createdAt = columns.moment()
        let updatedAt = columns.moment()
        self.init(
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
        digestKeyID = columns.text()
        deletedAt = columns.optionalMoment()
        version = columns.integer()
        sequence = columns.integer()
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Card.ID = columns.id()
        let createdAt = columns.moment()
        let lastFour = columns.text()
        let brand = columns.text()
        let country = columns.optionalText()
        let funding = columns.optionalText()
        let scenario = columns.optionalText()
        let updatedAt = columns.moment()
        self.init(
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
        digestKeyID = columns.text()
        deletedAt = columns.optionalMoment()
        version = columns.integer()
        sequence = columns.integer()
    }
}
