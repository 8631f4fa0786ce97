import Domain
import Foundation
import Storage

extension Delivery: StoredRow {
    package static let table = "delivery"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["endpoint", "object", "kind", "sequence", "type", "created_at"]
    package static let changingColumns = ["state", "attempts", "failures", "due_at", "fencing", "ended_at"]

    package var keyValues: [StoredValue] { [.book(book), .id(id)] }

    package var fixedValues: [StoredValue] {
        [
            .id(endpoint), .id(object.id), .word(object.kind), .integer(sequence), .text(type), .moment(createdAt),
        ]
    }

    package var changingValues: [StoredValue] {
        [
            .word(state), .integer(attempts), .integer(failures), .moment(dueAt), .integer(fencing), .moment(endedAt),
        ]
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: Delivery.ID = try columns.id()
        let endpoint: WebhookEndpoint.ID = try columns.id()
        let object = try columns.raw()
        try self.init(
            id: id,
            book: book,
            endpoint: endpoint,
            object: ObjectReference(columns.word(), object),
            sequence: columns.integer(),
            type: columns.text(),
            createdAt: columns.moment(),
            state: columns.word()
        )
        attempts = try columns.integer()
        failures = try columns.integer()
        dueAt = try columns.optionalMoment()
        fencing = try columns.integer()
        endedAt = try columns.optionalMoment()
    }
}

/// An attempt, with the receiver's words sealed: they may repeat what they were sent.
package struct DeliveryAttemptRow: StoredRow {
    package static let table = "delivery_attempt"
    package static let keyColumns = ["book", "delivery", "number"]
    package static let fixedColumns = ["started_at", "duration", "outcome", "status", "reason", "sealed"]
    package static let changingColumns: [String] = []

    private let attempt: DeliveryAttempt
    /// Empty where the receiver said nothing.
    package let sealed: Data

    package var keyValues: [StoredValue] { [.book(attempt.book), .id(attempt.delivery), .integer(attempt.number)] }

    package var fixedValues: [StoredValue] {
        [
            .moment(attempt.startedAt), .integer(attempt.durationMilliseconds), .word(attempt.outcome),
            .integer(attempt.status), .text(attempt.reason), .bytes(sealed),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(_ attempt: DeliveryAttempt, _ sealer: Sealer) {
        self.attempt = attempt
        sealed = attempt.answer.isEmpty ? Data() : sealer.seal(attempt.answer, at: Self.place(attempt))
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let delivery: Delivery.ID = try columns.id()
        attempt = try DeliveryAttempt(
            book: book,
            delivery: delivery,
            number: columns.integer(),
            startedAt: columns.moment(),
            durationMilliseconds: columns.integer(),
            outcome: columns.word(),
            status: columns.optionalInteger(),
            reason: columns.optionalText()
        )
        sealed = try columns.data()
    }

    package func attempt(_ sealer: Sealer) throws -> DeliveryAttempt {
        DeliveryAttempt(
            book: attempt.book,
            delivery: attempt.delivery,
            number: attempt.number,
            startedAt: attempt.startedAt,
            durationMilliseconds: attempt.durationMilliseconds,
            outcome: attempt.outcome,
            status: attempt.status,
            reason: attempt.reason,
            answer: sealed.isEmpty ? [] : try sealer.open(sealed, at: Self.place(attempt))
        )
    }

    private static func place(_ attempt: DeliveryAttempt) -> SealedPlace {
        SealedPlace(table, attempt.book, Array(attempt.delivery.raw.data) + Array(String(attempt.number).utf8))
    }
}

extension WebhookWork {
    /// What there is to do for each endpoint that is told; the columns are ``init(from:)``'s.
    package static let query = """
        SELECT e.book, e.id, m.place_transaction, m.place_number, e.held_until,
            (SELECT min(d.due_at) FROM delivery d WHERE d.book = e.book AND d.endpoint = e.id AND d.due_at IS NOT NULL)
        FROM webhook_endpoint e JOIN webhook_mark m ON m.book = e.book AND m.endpoint = e.id
        WHERE e.status = 'enabled' AND e.deleted_at IS NULL
        """

    package init(from columns: inout Columns) throws {
        let name = try WebhookName(columns.book(), columns.id())
        let mark = try EventPlace(transaction: columns.integer(), number: columns.integer())
        self.init(
            name: name,
            mark: mark,
            heldUntil: try columns.optionalMoment(),
            nextDue: try columns.optionalMoment()
        )
    }
}
