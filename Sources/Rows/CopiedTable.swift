import Domain
import Storage

/// Every table of the books, for whoever moves them from one database to another: referred rows before those that refer
/// to them.
package struct CopiedTable: Sendable {
    package let name: String
    package let columns: [String]
    /// The first of the columns, by which the rows are walked.
    package let keyCount: Int

    package var key: [String] { Array(columns.prefix(keyCount)) }

    private init(_ name: String, key: [String], _ rest: [String]) {
        self.name = name
        columns = key + rest
        keyCount = key.count
    }

    private init(_ type: any StoredRow.Type) {
        self.init(type.table, key: type.keyColumns, type.fixedColumns + type.changingColumns)
    }

    package static let all = [
        CopiedTable("account", key: ["number"], ["name", "created_at"]),
        CopiedTable("account_setting", key: ["account", "name"], ["value"]),
        CopiedTable("book", key: ["number"], ["account", "mode"]), CopiedTable(BookClock.self),
        CopiedTable(APIKeyRow.self),
        CopiedTable("tally", key: ["book", "name", "slot"], ["amount"]), CopiedTable(PersonRow.self),
        CopiedTable(NoteRow.self), CopiedTable(Customer.self), CopiedTable(Card.self), CopiedTable(Pot.self),
        CopiedTable(Payment.self), CopiedTable(Capture.self), CopiedTable(Refund.self), CopiedTable(Attempt.self),
        CopiedTable(Evidence.self), CopiedTable("evidence_body", key: ["book", "id"], ["body", "stored_at"]),
        CopiedTable(Dispute.self), CopiedTable(LedgerEntry.self), CopiedTable("event", key: ["number"], Event.columns),
        CopiedTable("audit_act", key: ["number"], AuditActRow.columns), CopiedTable(AuditEntryRow.self),
        CopiedTable(AliasRow.self), CopiedTable(FacetRow.self), CopiedTable(IdempotencyRow.self),
        CopiedTable(AnswerRow.self), CopiedTable(WebhookEndpointRow.self), CopiedTable(WebhookMark.self),
        CopiedTable(Delivery.self), CopiedTable(DeliveryAttemptRow.self),
        CopiedTable(
            "sandbox_operation",
            key: ["book", "processor_key"],
            ["scenario", "amount", "currency", "exponent", "received_at"]
        ),
        CopiedTable(SearchEntry.self),
    ]
}
