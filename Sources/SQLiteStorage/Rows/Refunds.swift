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

    init(from columns: inout Columns) {
        let book = columns.book()
        let id: Refund.ID = columns.id()
        let payment: Payment.ID = columns.id()
        let pot: Pot.ID? = columns.optionalID()
        let customer: Customer.ID? = columns.optionalID()
        let kind: RefundKind = columns.word()
        let retryOf: Refund.ID? = columns.optionalID()
        let amount = columns.integer()
        let currency = columns.currency()
        let createdAt = columns.moment()
        let reasonCode = columns.optionalText()
        let actor = Actor(columns.word(), columns.text())
        let requestID = columns.optionalText()
        let origin = columns.text()
        let connector = columns.text()
        let updatedAt = columns.moment()
        let status: RefundStatus = columns.word()
        let pendingReason: PendingReason? = columns.optionalWord()
        let failure = columns.failure()
        self.init(
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
        processorReference = columns.optionalText()
        bankReference = columns.optionalText()
        attempts = columns.integer()
        firstSentAt = columns.optionalMoment()
        succeededAt = columns.optionalMoment()
        expiresAt = columns.optionalMoment()
        dueAt = columns.optionalMoment()
        version = columns.integer()
        sequence = columns.integer()
        aliased = columns.flag()
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let refund: Refund.ID = columns.id()
        let number = columns.integer()
        let leg: AttemptLeg = columns.word()
        let connector = columns.text()
        let processorKey = columns.text()
        let startedAt = columns.moment()
        self.init(
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
        endedAt = columns.optionalMoment()
        outcome = columns.optionalWord()
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

    init(from columns: inout Columns) {
        let book = columns.book()
        let refund: Refund.ID = columns.id()
        self.init(
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
