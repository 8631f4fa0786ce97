import Domain
import GRDB

extension Refund: StoredRow {
    static let table = "refund"
    static let keyColumns = ["book", "id"]
    static let fixedColumns = [
        "payment", "pot", "customer", "kind", "retry_of", "amount", "currency", "exponent", "created_at",
        "reason_code", "actor_kind", "actor", "request_id", "origin", "connector",
    ]
    static let changingColumns = [
        "updated_at", "status", "pending_reason", "failure_code", "failure_detail", "metadata",
        "processor_reference", "bank_reference", "attempts", "first_sent_at", "succeeded_at", "expires_at",
        "due_at", "version", "sequence", "aliased",
    ]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            payment.data, pot?.data, customer?.data, kind.rawValue, retryOf?.data, amount, currency.code,
            currency.exponent, createdAt.milliseconds, reasonCode, actor.kind.rawValue, actor.id, requestID,
            origin, connector,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [
            updatedAt.milliseconds, status.rawValue, pendingReason?.rawValue, failure?.code.rawValue,
            failure?.detail, metadata.stored, processorReference, bankReference, attempts,
            firstSentAt?.milliseconds, succeededAt?.milliseconds, expiresAt?.milliseconds, dueAt?.milliseconds,
            version, sequence, aliased,
        ]
    }

    init(from columns: inout Columns) throws {
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
        version = try columns.integer()
        sequence = try columns.integer()
        aliased = try columns.flag()
    }
}

extension Attempt: StoredRow {
    static let table = "attempt"
    static let keyColumns = ["book", "refund", "number"]
    static let fixedColumns = ["leg", "connector", "processor_key", "started_at"]
    static let changingColumns = ["lease_until", "fencing", "ended_at", "outcome"]

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, refund.data, number] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [leg.rawValue, connector, processorKey, startedAt.milliseconds]
    }

    var changingValues: [(any DatabaseValueConvertible)?] {
        [leaseUntil.milliseconds, fencing, endedAt?.milliseconds, outcome?.rawValue]
    }

    init(from columns: inout Columns) throws {
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
    static let table = "evidence"
    static let keyColumns = ["book", "refund", "id"]
    static let fixedColumns = [
        "attempt", "source", "claim", "amount", "currency", "exponent", "processor_reference", "failure_code",
        "failure_detail", "processor_time", "arrived_at", "body_hash",
    ]
    static let changingColumns: [String] = []

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, refund.data, id.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            attempt, source.rawValue, claim.rawValue, amount, currency?.code, currency?.exponent,
            processorReference, failure?.code.rawValue, failure?.detail, processorTime?.milliseconds,
            arrivedAt.milliseconds, bodyHash?.data,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(from columns: inout Columns) throws {
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
