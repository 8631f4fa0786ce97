import Domain
import Foundation
import Storage

/// What an idempotency key stands for.
package struct IdempotencyRow: StoredRow {
    package static let table = "idempotency"
    package static let keyColumns = ["book", "key"]
    package static let fixedColumns = ["fingerprint", "key_id", "kind", "object", "created_at"]
    package static let changingColumns: [String] = []

    package let key: IdempotencyKey
    let fingerprint: Digest256
    let fingerprintKeyID: String
    let subject: AnswerSubject
    let createdAt: Moment

    package var keyValues: [StoredValue] { [.book(key.book), .text(key.text)] }

    package var fixedValues: [StoredValue] {
        [
            .digest(fingerprint), .text(fingerprintKeyID), .text(subject.kind), .id(subject.id), .moment(createdAt),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(_ record: IdempotencyRecord) {
        key = record.key
        fingerprint = record.fingerprint
        fingerprintKeyID = record.fingerprintKeyID
        subject = record.subject
        createdAt = record.createdAt
    }

    package init(from columns: inout Columns) throws {
        key = try IdempotencyKey(book: columns.book(), text: columns.text())
        fingerprint = try columns.digest()
        fingerprintKeyID = try columns.text()
        subject = try AnswerSubject(kind: columns.text(), id: columns.raw())
        createdAt = try columns.moment()
    }

    /// Where its answer is: what a row of ``AnswerRow`` has as its key.
    package var answerKey: [StoredValue] { [.book(key.book), .id(subject.id), .text(key.text)] }

    /// - Parameter answer: as it was sealed.
    package func record(_ answer: Data, _ sealer: Sealer) throws -> IdempotencyRecord {
        IdempotencyRecord(
            key: key,
            fingerprint: fingerprint,
            fingerprintKeyID: fingerprintKeyID,
            subject: subject,
            answer: try sealer.open(answer, at: key.place),
            createdAt: createdAt
        )
    }
}

/// The answer's body, sealed, in a table of its own, by what was answered about, so that what is written together stands
/// together. Keys are their callers' and come in no order.
package struct AnswerRow: StoredRow {
    package static let table = "answer"
    package static let keyColumns = ["book", "object", "key"]
    package static let fixedColumns = ["body"]
    package static let changingColumns: [String] = []

    /// `nil` on PostgreSQL where a version before migration 0010 wrote it.
    package let object: UInt128?
    package let key: IdempotencyKey
    package let sealed: Data

    package var keyValues: [StoredValue] { [.book(key.book), .id(object), .text(key.text)] }
    package var fixedValues: [StoredValue] { [.bytes(sealed)] }
    package var changingValues: [StoredValue] { [] }

    package init(_ record: IdempotencyRecord, _ sealer: Sealer) {
        object = record.subject.id
        key = record.key
        sealed = sealer.seal(record.answer, at: record.key.place)
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        object = try columns.optionalRaw()
        key = try IdempotencyKey(book: book, text: columns.text())
        sealed = try columns.data()
    }

    package func answer(_ sealer: Sealer) throws -> [UInt8] { try sealer.open(sealed, at: key.place) }
}
