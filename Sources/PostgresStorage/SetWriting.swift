#if PostgreSQL
import Domain
import Rows
import Storage

/// Turns what decisions left into statements, one for each table that has something to write.
struct SetWriting {
    let statements: RowStatements
    let sealer: Sealer
    /// Which of a total's places this process adds to, so that nodes do not wait for each other.
    let slot: Int64

    /// Referred rows come before those that refer to them. Empty when nothing changed.
    func statements(for set: WorkingSet) -> [Statement] {
        let written: [Statement?] =
            accounts(set) + [
                statements.insertion(set.apiKeys.insertedRows.map { APIKeyRow($0) }),
                statements.change(set.apiKeys.updatedRows.map { APIKeyRow($0) }),
                statements.insertion(set.persons.insertedRows.map { PersonRow($0, sealer) }),
            ] + both(set.customers) + both(set.cards) + both(set.pots) + both(set.payments)
            + [statements.insertion(set.captures)] + both(set.refunds) + both(set.attempts)
            + [statements.insertion(set.evidence)] + both(set.disputes) + [
                statements.insertion(set.facets.insertedRows.map { FacetRow($0) }),
                statements.change(set.facets.updatedRows.map { FacetRow($0) }),
                statements.insertion(set.notes.insertedRows.map { NoteRow($0, sealer) }),
                statements.change(set.notes.updatedRows.map { NoteRow($0, sealer) }),
                statements.insertion(set.aliases.map { AliasRow($0) }),
                statements.insertion(set.idempotency.insertedRows.map { IdempotencyRow($0) }),
                statements.insertion(set.idempotency.insertedRows.map { AnswerRow($0, sealer) }),
            ] + webhooks(set) + [
                statements.insertion(set.entries), statements.insertion(set.events),
                statements.insertion(set.acts.map { AuditActRow($0) }),
                statements.insertion(set.auditEntries.map { AuditEntryRow($0) }),
            ] + search(set) + both(set.clocks) + turns(set) + [tallies(set), kept(set)]
        return written.compactMap(\.self)
    }

    private func both<Key, Row: StoredRow>(_ rows: RowSet<Key, Row>) -> [Statement?] {
        [statements.insertion(rows.insertedRows), statements.change(rows.updatedRows)]
    }

    // MARK: - Clocks

    /// Behind all that was written: it is about every row.
    private func turns(_ set: WorkingSet) -> [Statement?] {
        set.clockTurns.flatMap { book, isOnClock in
            let flag = StoredValue.flag(isOnClock)
            return [Refund.table, Payment.table]
                .map { table in
                    Statement(marked: ClockQuery.turn(table), [flag, .book(book), flag])
                }
        }
    }

    // MARK: - Search

    private func search(_ set: WorkingSet) -> [Statement?] {
        guard let secrets = sealer.secrets else { return [] }
        let changes = SearchChanges(set, secrets)
        let removed = [
            changes.removed.map { StoredValue.book($0.book) }, changes.removed.map { StoredValue.id($0.object) },
        ]
        return [
            statements.insertion(changes.inserted),
            statements.insertion(
                into: SearchEntry.table,
                SearchEntry.columns,
                changes.replaced.map { $0.keyValues + $0.fixedValues + $0.changingValues },
                "ON CONFLICT (book, object) DO UPDATE SET terms = excluded.terms"
            ),
            changes.removed.isEmpty
                ? nil
                : Statement(
                    """
                    DELETE FROM search_entry e USING unnest($1::int8[], $2::bytea[]) AS gone (book, object)
                    WHERE e.book = gone.book AND e.object = gone.object
                    """,
                    [.array(removed[0], .int8), .array(removed[1], .bytea)]
                ),
        ]
    }

    // MARK: - Webhooks

    /// A lane has one head: who steps back makes room for the next.
    private func webhooks(_ set: WorkingSet) -> [Statement?] {
        [
            statements.insertion(set.endpoints.insertedRows.map { WebhookEndpointRow($0, sealer) }),
            statements.change(set.endpoints.updatedRows.map { WebhookEndpointRow($0, sealer) }),
        ] + both(set.webhookMarks) + [
            statements.change(set.deliveries.updatedRows.filter { $0.dueAt == nil }),
            statements.change(set.deliveries.updatedRows.filter { $0.dueAt != nil }),
            statements.insertion(set.deliveries.insertedRows),
            statements.insertion(set.deliveryAttempts.map { DeliveryAttemptRow($0, sealer) }),
        ]
    }

    // MARK: - Accounts

    private func accounts(_ set: WorkingSet) -> [Statement?] {
        let fresh = set.accounts.insertedRows
        let touched = fresh + set.accounts.updatedRows
        guard !touched.isEmpty || !set.apiKeys.insertedRows.isEmpty || !set.apiKeys.updatedRows.isEmpty else {
            return []
        }
        let books = fresh.flatMap { account in
            Mode.allCases.map { [StoredValue.book(account.book($0)), .integer(account.number), .word($0)] }
        }
        let settings = touched.flatMap { account in
            account.settings.values.sorted { $0.key < $1.key }
                .map { [StoredValue.integer(account.number), .text($0.key), .text($0.value)] }
        }
        let numbers = touched.map { StoredValue.integer($0.number) }
        return [
            statements.insertion(
                into: "account",
                ["number", "name", "created_at"],
                fresh.map { [.integer($0.number), .text($0.name), .moment($0.createdAt)] }
            ),
            statements.insertion(into: "book", ["number", "account", "mode"], books),
            Statement("DELETE FROM account_setting WHERE account = ANY ($1::int8[])", [.array(numbers, .int8)]),
            statements.insertion(into: "account_setting", ["account", "name", "value"], settings),
            // Nodes that keep accounts and keys in memory look at this.
            Statement(
                """
                INSERT INTO meta (name, value) VALUES ('directory', '1')
                ON CONFLICT (name) DO UPDATE SET value = (meta.value::int8 + 1)::text
                """
            ),
        ]
    }

    // MARK: - Totals and time

    private func tallies(_ set: WorkingSet) -> Statement? {
        let rows = set.tallies.map { tally, amount in
            [StoredValue.book(tally.book), .text(tally.name.text), .integer(slot), .integer(amount)]
        }
        // In one order, so that two nodes that share a slot do not wait in a circle.
        let sorted = rows.sorted { "\($0[0]) \($0[1])" < "\($1[0]) \($1[1])" }
        return statements.insertion(
            into: "tally",
            ["book", "name", "slot", "amount"],
            sorted,
            "ON CONFLICT (book, name, slot) DO UPDATE SET amount = tally.amount + excluded.amount"
        )
    }

    /// How late it is where no event shows it, and by which clock.
    private func kept(_ set: WorkingSet) -> Statement? {
        var rows: [[StoredValue]] = []
        if set.isSilent, let moment = set.moment {
            rows.append([.text("moment \(slot)"), .text(String(moment.milliseconds))])
        }
        if let mark = set.mark { rows.append([.text("time_mark \(mark.boot)"), .text(TimeMarkText.text(mark))]) }
        return statements.insertion(
            into: "meta",
            ["name", "value"],
            rows,
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    }
}
#endif
