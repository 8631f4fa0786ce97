import Domain

extension Refund: StoredRow {
    package static let table = "refund"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = [
        "payment", "pot", "customer", "kind", "retry_of", "amount", "currency", "exponent", "created_at",
        "reason_code", "actor_kind", "actor", "request_id", "origin", "connector",
    ]
    package static let changingColumns = [
        "updated_at", "status", "pending_reason", "failure_code", "failure_detail", "metadata",
        "processor_reference", "bank_reference", "attempts", "first_sent_at", "succeeded_at", "expires_at",
        "due_at", "on_clock", "version", "sequence", "aliased",
    ]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [
            .id(payment), .id(pot), .id(customer), .word(kind), .id(retryOf), .integer(amount), .text(currency.code),
            .integer(currency.exponent), .moment(createdAt), .text(reasonCode), .word(actor.kind), .text(actor.id),
            .text(requestID), .text(origin), .text(connector),
        ]
    }

    package var changingValues: [StoredValue] {
        [
            .moment(updatedAt), .word(status), .word(pendingReason), .word(failure?.code), .text(failure?.detail),
            .text(metadata.stored), .text(processorReference), .text(bankReference), .integer(attempts),
            .moment(firstSentAt), .moment(succeededAt), .moment(expiresAt), .moment(dueAt), .flag(isOnClock),
            .integer(version), .integer(sequence), .flag(aliased),
        ]
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Refund.ID = try columns.id()
        let payment: Payment.ID = try columns.id()
        let pot: Pot.ID? = try columns.optionalID()
        let customer: Customer.ID? = try columns.optionalID()
        let kind: RefundKind = try columns.word()
        let retryOf: Refund.ID? = try columns.optionalID()
        let amount = try columns.integer()
        let currency = try columns.currency()
        let createdAt = try columns.moment()
        let reasonCode = try columns.optionalText()
        let actor = try Actor(columns.word(), columns.text())
        let requestID = try columns.optionalText()
        let origin = try columns.text()
        let connector = try columns.text()
        let updatedAt = try columns.moment()
        let status: RefundStatus = try columns.word()
        let pendingReason: PendingReason? = try columns.optionalWord()
        let failure = try columns.failure()
        try self.init(
            id: id,
            book: book,
            payment: payment,
            pot: pot,
            customer: customer,
            kind: kind,
            retryOf: retryOf,
            amount: amount,
            currency: currency,
            createdAt: createdAt,
            updatedAt: updatedAt,
            status: status,
            reasonCode: reasonCode,
            actor: actor,
            requestID: requestID,
            origin: origin,
            metadata: columns.metadata(),
            connector: connector,
            aliased: false
        )
        self.pendingReason = pendingReason
        self.failure = failure
        processorReference = try columns.optionalText()
        bankReference = try columns.optionalText()
        attempts = try columns.integer()
        firstSentAt = try columns.optionalMoment()
        succeededAt = try columns.optionalMoment()
        expiresAt = try columns.optionalMoment()
        dueAt = try columns.optionalMoment()
        isOnClock = try columns.flag()
        version = try columns.integer()
        sequence = try columns.integer()
        aliased = try columns.flag()
    }
}

extension Attempt: StoredRow {
    package static let table = "attempt"
    package static let keyColumns = ["book", "refund", "number"]
    package static let fixedColumns = ["leg", "connector", "processor_key", "started_at"]
    package static let changingColumns = ["lease_until", "fencing", "ended_at", "outcome"]

    package var keyValues: [StoredValue] { [.book(book), .id(refund), .integer(number)] }

    package var fixedValues: [StoredValue] {
        [.word(leg), .text(connector), .text(processorKey), .moment(startedAt)]
    }

    package var changingValues: [StoredValue] {
        [.moment(leaseUntil), .integer(fencing), .moment(endedAt), .word(outcome)]
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let refund: Refund.ID = try columns.id()
        let number = try columns.integer()
        let leg: AttemptLeg = try columns.word()
        let connector = try columns.text()
        let processorKey = try columns.text()
        let startedAt = try columns.moment()
        try self.init(
            book: book,
            refund: refund,
            number: number,
            leg: leg,
            connector: connector,
            processorKey: processorKey,
            leaseUntil: columns.moment(),
            fencing: columns.integer(),
            startedAt: startedAt
        )
        endedAt = try columns.optionalMoment()
        outcome = try columns.optionalWord()
    }
}

extension Evidence: StoredRow {
    package static let table = "evidence"
    package static let keyColumns = ["book", "refund", "id"]
    package static let fixedColumns = [
        "attempt", "source", "claim", "amount", "currency", "exponent", "processor_reference", "failure_code",
        "failure_detail", "processor_time", "arrived_at", "body_hash",
    ]
    package static let changingColumns: [String] = []

    package var keyValues: [StoredValue] { [.book(book), .id(refund), .id(id)] }

    package var fixedValues: [StoredValue] {
        [
            .integer(attempt), .word(source), .word(claim), .integer(amount), .text(currency?.code),
            .integer(currency?.exponent), .text(processorReference), .word(failure?.code), .text(failure?.detail),
            .moment(processorTime), .moment(arrivedAt), .digest(bodyHash),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let refund: Refund.ID = try columns.id()
        try self.init(
            id: columns.id(),
            book: book,
            refund: refund,
            attempt: columns.optionalInteger(),
            source: columns.word(),
            claim: columns.word(),
            amount: columns.optionalInteger(),
            currency: columns.optionalCurrency(),
            processorReference: columns.optionalText(),
            failure: columns.failure(),
            processorTime: columns.optionalMoment(),
            arrivedAt: columns.moment(),
            bodyHash: columns.optionalDigest()
        )
    }
}
