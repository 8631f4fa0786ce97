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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Payment.ID = columns.id()
        let createdAt = columns.moment()
        let currency = columns.currency()
        let connector = columns.text()
        let connectorAccount = columns.text()
        let origin = columns.text()
        let pot: Pot.ID? = columns.optionalID()
        let updatedAt = columns.moment()
        let state: PaymentState = columns.word()
        self.init(
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
        captured = columns.integer()
        voided = columns.integer()
        reserved = columns.integer()
        refunded = columns.integer()
        disputed = columns.integer()
        excess = columns.integer()
        refundCount = columns.integer()
        version = columns.integer()
        sequence = columns.integer()
        method = columns.optionalWord()
        card = columns.optionalID()
        customer = columns.optionalID()
        payer = columns.optionalID()
        orderReference = columns.optionalText()
        uniqueReference = columns.optionalText()
        processorReference = columns.optionalText()
        response = columns.optionalText()
        capturedAt = columns.optionalMoment()
        dueAt = columns.optionalMoment()
        metadata = columns.metadata()
        aliased = columns.flag()
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let payment: Payment.ID = columns.id()
        self.init(
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Pot.ID = columns.id()
        let createdAt = columns.moment()
        let currency = columns.currency()
        let owner: Customer.ID? = columns.optionalID()
        let updatedAt = columns.moment()
        self.init(
            id: id,
            book: book,
            createdAt: createdAt,
            name: columns.text(),
            currency: currency,
            owner: owner,
            metadata: [:]
        )
        self.updatedAt = updatedAt
        isOpen = columns.flag()
        balance = columns.integer()
        volume = columns.integer()
        metadata = columns.metadata()
        deletedAt = columns.optionalMoment()
        version = columns.integer()
        sequence = columns.integer()
        aliased = columns.flag()
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Dispute.ID = columns.id()
        let payment: Payment.ID = columns.id()
        let currency = columns.currency()
        let openedAt = columns.moment()
        let reference = columns.optionalText()
        let response = columns.optionalText()
        self.init(
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
        closedAt = columns.optionalMoment()
        version = columns.integer()
        sequence = columns.integer()
    }
}
