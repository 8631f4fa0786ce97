import Domain
import GRDB

extension Payment: StoredRow {
    static let table = "payment"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["created_at", "currency", "exponent", "connector", "connector_account", "origin", "pot"]
    static let changingColumns = [
        "updated_at", "state", "authorized", "captured", "voided", "reserved", "refunded", "disputed", "excess",
        "refund_count", "version", "sequence", "method", "card", "customer", "payer", "order_reference",
        "unique_reference", "processor_reference", "response", "captured_at", "due_at", "metadata", "aliased",
    ]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            createdAt.milliseconds, currency.code, currency.exponent, connector, connectorAccount, origin,
            pot?.data,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [
            updatedAt.milliseconds, state.rawValue, authorized, captured, voided, reserved, refunded, disputed,
            excess, refundCount, version, sequence, method?.rawValue, card?.data, customer?.data, payer?.data,
            orderReference, uniqueReference, processorReference, response, capturedAt?.milliseconds,
            dueAt?.milliseconds, metadata.stored, aliased,
        ]
    }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Payment.ID = try columns.id()
        let createdAt = try columns.moment()
        let currency = try columns.currency()
        let connector = try columns.text()
        let connectorAccount = try columns.text()
        let origin = try columns.text()
        let pot: Pot.ID? = try columns.optionalID()
        let updatedAt = try columns.moment()
        let state: PaymentState = try columns.word()
        try self.init(
            id: id,
            book: book,
            createdAt: createdAt,
            state: state,
            currency: currency,
            authorized: columns.integer(),
            connector: connector,
            connectorAccount: connectorAccount,
            origin: origin
        )
        self.pot = pot
        self.updatedAt = updatedAt
        captured = try columns.integer()
        voided = try columns.integer()
        reserved = try columns.integer()
        refunded = try columns.integer()
        disputed = try columns.integer()
        excess = try columns.integer()
        refundCount = try columns.integer()
        version = try columns.integer()
        sequence = try columns.integer()
        method = try columns.optionalWord()
        card = try columns.optionalID()
        customer = try columns.optionalID()
        payer = try columns.optionalID()
        orderReference = try columns.optionalText()
        uniqueReference = try columns.optionalText()
        processorReference = try columns.optionalText()
        response = try columns.optionalText()
        capturedAt = try columns.optionalMoment()
        dueAt = try columns.optionalMoment()
        metadata = try columns.metadata()
        aliased = try columns.flag()
    }
}

extension Capture: StoredRow {
    static let table = "capture"
    static let keyColumns = ["book", "payment", "id"]
    static let fixedColumns = ["amount", "fee", "reference", "captured_at"]
    static let changingColumns: [String] = []

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, payment.data, id.data] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [amount, fee, reference, capturedAt.milliseconds] }
    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let payment: Payment.ID = try columns.id()
        try self.init(
            id: columns.id(),
            book: book,
            payment: payment,
            amount: columns.integer(),
            fee: columns.integer(),
            reference: columns.optionalText(),
            capturedAt: columns.moment()
        )
    }
}

extension Pot: StoredRow {
    static let table = "pot"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["created_at", "currency", "exponent", "owner"]
    static let changingColumns = [
        "updated_at", "name", "is_open", "balance", "volume", "metadata", "deleted_at", "version", "sequence",
        "aliased",
    ]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [createdAt.milliseconds, currency.code, currency.exponent, owner?.data]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [
            updatedAt.milliseconds, name, isOpen, balance, volume, metadata.stored, deletedAt?.milliseconds,
            version, sequence, aliased,
        ]
    }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Pot.ID = try columns.id()
        let createdAt = try columns.moment()
        let currency = try columns.currency()
        let owner: Customer.ID? = try columns.optionalID()
        let updatedAt = try columns.moment()
        try self.init(
            id: id,
            book: book,
            createdAt: createdAt,
            name: columns.text(),
            currency: currency,
            owner: owner,
            metadata: [:]
        )
        self.updatedAt = updatedAt
        isOpen = try columns.flag()
        balance = try columns.integer()
        volume = try columns.integer()
        metadata = try columns.metadata()
        deletedAt = try columns.optionalMoment()
        version = try columns.integer()
        sequence = try columns.integer()
        aliased = try columns.flag()
    }
}

extension Dispute: StoredRow {
    static let table = "dispute"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = ["payment", "currency", "exponent", "opened_at", "reference", "response"]
    static let changingColumns = ["amount", "stage", "state", "funds_withdrawn", "closed_at", "version", "sequence"]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [payment.data, currency.code, currency.exponent, openedAt.milliseconds, reference, response]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [amount, stage.rawValue, state.rawValue, fundsWithdrawn, closedAt?.milliseconds, version, sequence]
    }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Dispute.ID = try columns.id()
        let payment: Payment.ID = try columns.id()
        let currency = try columns.currency()
        let openedAt = try columns.moment()
        let reference = try columns.optionalText()
        let response = try columns.optionalText()
        try self.init(
            id: id,
            book: book,
            payment: payment,
            amount: columns.integer(),
            currency: currency,
            stage: columns.word(),
            state: columns.word(),
            fundsWithdrawn: columns.flag(),
            openedAt: openedAt,
            reference: reference,
            response: response
        )
        closedAt = try columns.optionalMoment()
        version = try columns.integer()
        sequence = try columns.integer()
    }
}
