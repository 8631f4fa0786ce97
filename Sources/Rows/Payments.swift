import Domain

extension Payment: StoredRow {
    package static let table = "payment"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = [
        "created_at", "currency", "exponent", "connector", "connector_account", "origin", "pot",
    ]
    package static let changingColumns = [
        "updated_at", "state", "authorized", "captured", "voided", "reserved", "refunded", "disputed", "excess",
        "refund_count", "version", "sequence", "method", "card", "customer", "payer", "order_reference",
        "unique_reference", "processor_reference", "response", "captured_at", "due_at", "on_clock", "metadata",
        "aliased",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [
            .moment(createdAt), .text(currency.code), .integer(currency.exponent), .text(connector),
            .text(connectorAccount), .text(origin), .id(pot),
        ]
    }

    package var changingValues: [StoredValue] {
        [
            .moment(updatedAt), .word(state), .integer(authorized), .integer(captured), .integer(voided),
            .integer(reserved), .integer(refunded), .integer(disputed), .integer(excess), .integer(refundCount),
            .integer(version), .integer(sequence), .word(method), .id(card), .id(customer), .id(payer),
            .text(orderReference), .text(uniqueReference), .text(processorReference), .text(response),
            .moment(capturedAt), .moment(dueAt), .flag(isOnClock), .text(metadata.stored), .flag(aliased),
        ]
    }

    package init(from columns: inout Columns) throws {
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
        isOnClock = try columns.flag()
        metadata = try columns.metadata()
        aliased = try columns.flag()
    }
}

extension Capture: StoredRow {
    package static let table = "capture"
    package static let keyColumns = ["book", "payment", "id"]
    package static let fixedColumns = ["amount", "fee", "reference", "captured_at"]
    package static let changingColumns: [String] = []

    package var keyValues: [StoredValue] { [.book(book), .id(payment), .id(id)] }
    package var fixedValues: [StoredValue] { [.integer(amount), .integer(fee), .text(reference), .moment(capturedAt)] }
    package var changingValues: [StoredValue] { [] }

    package init(from columns: inout Columns) throws {
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
    package static let table = "pot"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["created_at", "currency", "exponent", "owner"]
    package static let changingColumns = [
        "updated_at", "name", "is_open", "balance", "volume", "metadata", "deleted_at", "version", "sequence",
        "aliased",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [.moment(createdAt), .text(currency.code), .integer(currency.exponent), .id(owner)]
    }

    package var changingValues: [StoredValue] {
        [
            .moment(updatedAt), .text(name), .flag(isOpen), .integer(balance), .integer(volume), .text(metadata.stored),
            .moment(deletedAt), .integer(version), .integer(sequence), .flag(aliased),
        ]
    }

    package init(from columns: inout Columns) throws {
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
    package static let table = "dispute"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["payment", "currency", "exponent", "opened_at", "reference", "response"]
    package static let changingColumns = [
        "amount", "stage", "state", "funds_withdrawn", "closed_at", "version", "sequence",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [
            .id(payment), .text(currency.code), .integer(currency.exponent), .moment(openedAt), .text(reference),
            .text(response),
        ]
    }

    package var changingValues: [StoredValue] {
        [
            .integer(amount), .word(stage), .word(state), .flag(fundsWithdrawn), .moment(closedAt), .integer(version),
            .integer(sequence),
        ]
    }

    package init(from columns: inout Columns) throws {
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
