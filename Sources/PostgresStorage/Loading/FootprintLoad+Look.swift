#if PostgreSQL
import Crypto
import Domain
import Rows
import Storage

extension FootprintLoad {
    /// The first round trip: opens the transaction, and finds out which rows are meant.
    func look() throws {
        var round = Round()
        round.ask(
            Statement(isLocking ? "BEGIN READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        )
        if let node {
            round.ask(Self.lock(node))
            lockClocks(&round)
            lockNaturalKeys(&round)
        }
        lookForClocks(&round)
        lookForNames(&round)
        lookForNaturalKeys(&round)
        lookForAnswers(&round)
        for work in footprint.due { look(for: work, &round) }
        lookForAccounts(&round)
        lookForAuditHeads(&round)
        try round.run(on: connection)
    }

    /// The node's own row is held from the beginning, and made again if it is gone: whoever asks later what became of
    /// this transaction waits until it has ended, also where its commit still lies unread.
    private static func lock(_ node: UInt128) -> Statement {
        let sql = """
            WITH own AS (SELECT id FROM node WHERE id = $1::bytea FOR NO KEY UPDATE)
            INSERT INTO node (id, batch) SELECT $1::bytea, 0 WHERE NOT EXISTS (SELECT 1 FROM own)
            """
        return Statement(sql, [.value(.id(node))])
    }

    /// Keys of rows that may not be there yet, in one order: two nodes that meet on one do not abort each other.
    private func lockNaturalKeys(_ round: inout Round) {
        var locks = footprint.naturalKeys.map { AdvisoryLock.number(of: $0) }
        locks += footprint.idempotencyKeys.map { AdvisoryLock.number(of: $0) }
        locks += lanes.map { AdvisoryLock.number(of: $0) }
        locks += footprint.endpointsOf.map { AdvisoryLock.number(ofEndpointsOf: $0) }
        if !footprint.accounts.isEmpty { locks.append(AdvisoryLock.accounts) }
        guard !locks.isEmpty else { return }
        let sorted = Set(locks).sorted().map { StoredValue.number($0) }
        round.ask(Statement("SELECT pg_advisory_xact_lock(k)::text FROM unnest($1::int8[]) k", [.array(sorted, .int8)]))
    }

    // MARK: - Clocks

    /// First of all: whoever waits for a clock has nothing that others wait for.
    private func lockClocks(_ round: inout Round) {
        for book in footprint.testBooks.sorted() {
            let call = footprint.clocks.contains(book) ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared"
            let lock = Parameter.value(.number(AdvisoryLock.clock(of: book)))
            round.ask(Statement("SELECT \(call)(\(Self.numberInSchema))::text", [lock]))
        }
    }

    /// The lock `$1` of this schema: another one of the same database has books of the same numbers.
    private static let numberInSchema = "$1::int8 # hashtextextended(current_schema()::text, 0)"

    /// Behind the locks, in a statement of its own: it sees what the node before has committed.
    private func lookForClocks(_ round: inout Round) {
        let books = footprint.testBooks.sorted()
        guard !books.isEmpty else { return }
        round.ask(statements.selection(BookClock.self, by: ["book"], books.map { [.book($0)] })) { [self] rows in
            for clock in try rows.rows(BookClock.self) { set.load(.bookClock(clock)) }
        }
        for book in footprint.clocks.sorted() {
            let sql = "SELECT 1::int8 FROM event WHERE book = ? LIMIT 1"
            round.ask(Statement(marked: sql, [.book(book)])) { [self] rows in
                if try rows.map(of: "event", { try $0.integer() }).isEmpty { set.setUntouched(book) }
            }
        }
    }

    // MARK: - Names

    private func lookForNames(_ round: inout Round) {
        var given: [ObjectKind: Set<RowKey>] = [:]
        for name in names {
            if let id = name.id { given[name.kind, default: []].insert(RowKey(name.book, id)) }
        }
        lookForRows(given, &round)
        let spelled = Set(
            names.compactMap { name in
                name.spelling.map { AliasedName(book: name.book, kind: name.kind, spelling: $0) }
            }
        )
        // No text that holds a NUL was ever taken.
        let values = spelled.filter { !$0.spelling.text.utf8.contains(0) }
            .map { name -> [StoredValue] in
                [.book(name.book), .text(name.spelling.dialect), .word(name.kind), .text(name.spelling.text)]
            }
        guard !values.isEmpty else { return }
        round.ask(statements.selection(AliasRow.self, by: AliasRow.keyColumns, values)) { [self] rows in
            for row in try rows.rows(AliasRow.self) {
                let alias = row.alias
                let name = AliasedName(book: alias.book, kind: alias.object.kind, spelling: alias.spelling)
                aliased[name] = alias.object.id
            }
        }
    }

    /// A second look, only where a name is from elsewhere.
    func follow() throws {
        var found: [ObjectKind: Set<RowKey>] = [:]
        for name in names {
            if let key = alias(of: name) { found[name.kind, default: []].insert(key) }
        }
        var round = Round()
        lookForRows(found, &round)
        try round.run(on: connection)
    }

    /// Wants rows, and those that they refer to for good.
    private func lookForRows(_ keys: [ObjectKind: Set<RowKey>], _ round: inout Round) {
        for kind in [ObjectKind.pot, .customer, .card, .webhookEndpoint, .delivery] { want(kind, keys[kind] ?? []) }
        if let payments = keys[.payment], !payments.isEmpty {
            want(.payment, payments)
            lookForPots(of: payments, &round)
        }
        if let refunds = keys[.refund], !refunds.isEmpty {
            want(.refund, refunds)
            let sql = """
                SELECT r.book, r.payment, r.pot FROM unnest($1::int8[], $2::bytea[]) AS k (book, id)
                JOIN refund r ON r.book = k.book AND r.id = k.id
                """
            round.ask(keyed(sql, refunds)) { [self] rows in try takePayments(rows) }
        }
        if let disputes = keys[.dispute], !disputes.isEmpty {
            want(.dispute, disputes)
            let sql = """
                SELECT d.book, p.id, p.pot, d.id FROM unnest($1::int8[], $2::bytea[]) AS k (book, id)
                JOIN dispute d ON d.book = k.book AND d.id = k.id JOIN payment p ON p.book = d.book AND p.id = d.payment
                """
            round.ask(keyed(sql, disputes)) { [self] rows in try takePayments(rows, ofDisputes: true) }
        }
    }

    private func lookForPots(of payments: Set<RowKey>, _ round: inout Round) {
        let sql = """
            SELECT p.book, p.id, p.pot FROM unnest($1::int8[], $2::bytea[]) AS k (book, id)
            JOIN payment p ON p.book = k.book AND p.id = k.id WHERE p.pot IS NOT NULL
            """
        round.ask(keyed(sql, payments)) { [self] rows in try takePayments(rows) }
    }

    private func takePayments(_ rows: ResultRows, ofDisputes: Bool = false) throws {
        _ = try rows.map(of: "payment") { columns in
            let book = try columns.book()
            let payment = RowKey(book, try columns.raw())
            want(.payment, [payment])
            let pot: Pot.ID? = try columns.optionalID()
            if let pot { want(.pot, [RowKey(book, pot.raw)]) }
            if ofDisputes { paymentsOfDisputes[RowKey(book, try columns.raw())] = payment }
        }
    }

    private func want(_ kind: ObjectKind, _ keys: Set<RowKey>) { wanted[kind, default: []].formUnion(keys) }

    private func keyed(_ sql: String, _ keys: Set<RowKey>) -> Statement {
        let values = keys.inOrder
        return Statement(sql, [.array(values.map { $0[0] }, .int8), .array(values.map { $0[1] }, .bytea)])
    }

    // MARK: - Natural keys

    private func lookForNaturalKeys(_ round: inout Round) {
        for key in footprint.naturalKeys {
            let (table, condition, book, values) = key.place
            // No text that holds a NUL was ever taken.
            if values.contains(where: \.holdsNUL) { continue }
            let pot = key.kind == .payment ? "pot" : "NULL::bytea"
            let sql = "SELECT id, \(pot) FROM \(table) WHERE book = $1::int8 AND \(condition) ORDER BY id LIMIT 1"
            round.ask(Statement(sql, [.value(.book(book))] + values.map { .value($0) })) { [self] rows in
                _ = try rows.map(of: table) { columns in
                    let row = RowKey(book, try columns.raw())
                    let pot: Pot.ID? = try columns.optionalID()
                    natural[key] = row
                    want(key.kind, [row])
                    if let pot { want(.pot, [RowKey(book, pot.raw)]) }
                }
            }
        }
    }

    private func lookForAnswers(_ round: inout Round) {
        guard !footprint.idempotencyKeys.isEmpty else { return }
        let values = footprint.idempotencyKeys.map { [StoredValue.book($0.book), .text($0.text)] }
        var answers: [IdempotencyKey: AnswerRow] = [:]
        round.ask(statements.selection(AnswerRow.self, by: IdempotencyRow.keyColumns, values)) { rows in
            for row in try rows.rows(AnswerRow.self) { answers[row.key] = row }
        }
        round.ask(statements.selection(IdempotencyRow.self, by: IdempotencyRow.keyColumns, values)) { [self] rows in
            for row in try rows.rows(IdempotencyRow.self) {
                guard let answer = answers[row.key] else {
                    throw DamagedRow(table: AnswerRow.table, reason: "the answer of a key is not there")
                }
                set.load(.idempotency(try row.record(answer.sealed, sealer)))
            }
        }
    }

    // MARK: - Due work

    private func look(for work: DueWork, _ round: inout Round) {
        let kind = work.kind
        guard !kind.isOfDeliveries else { return lookForDeliveries(work, &round) }
        let payment = kind == .payments ? "id" : "payment"
        let arguments = work.arguments + [.moment(work.moment), .integer(work.limit + leftOut.count)]
        let sql = "SELECT book, id, \(payment), pot FROM \(work.source) AND due_at <= ? ORDER BY due_at, id LIMIT ?"
        round.ask(Statement(marked: sql, arguments)) { [self] rows in
            due[work] =
                try rows.map(of: "an index") { columns in
                    let key = try RowKey(columns.book(), columns.raw())
                    let payment = RowKey(key.book, try columns.raw())
                    let pot: Pot.ID? = try columns.optionalID()
                    guard !leftOut.contains(key.id) else { return nil }
                    offered.insert(payment)
                    if let pot { want(.pot, [RowKey(key.book, pot.raw)]) }
                    if kind != .payments { offeredRefunds.insert(key) }
                    return key
                }
                .compactMap(\.self)
        }
    }

    // MARK: - Accounts and keys

    private func lookForAccounts(_ round: inout Round) {
        if !footprint.apiKeys.isEmpty {
            let values = footprint.apiKeys.map { [StoredValue.digest($0)] }
            round.ask(statements.selection(APIKeyRow.self, by: APIKeyRow.keyColumns, values, rowLock)) { [self] rows in
                for row in try rows.rows(APIKeyRow.self) { set.load(.apiKey(row.key)) }
            }
        }
        guard !footprint.accounts.isEmpty else { return }
        Accounts.ask(&round) { [self] accounts in
            for account in accounts where footprint.accounts.contains(account.name) { set.load(.account(account)) }
            set.accountsCount = Int64(accounts.count)
        }
    }

    // MARK: - The audit trail

    /// Nobody waits for another node's link: a chain that one is at work on is left to it.
    private func lookForAuditHeads(_ round: inout Round) {
        for book in footprint.auditHeads.sorted(by: { $0.number < $1.number }) where isLocking {
            var isOurs = false
            let lock = Parameter.value(.number(AdvisoryLock.audit(of: book)))
            round.ask(Statement("SELECT pg_try_advisory_xact_lock(\(Self.numberInSchema))", [lock])) { rows in
                isOurs = try rows.map(of: "a lock") { try $0.flag() }.first ?? false
            }
            // Read behind the lock, in a statement of its own: it sees what the node before has committed.
            round.ask(Statement(marked: AuditQuery.head, [.book(book)])) { [self] rows in
                guard isOurs else { return }
                let head = try rows.map(of: AuditEntryRow.table) { try AuditHead(from: &$0) }.first
                set.resolve(head ?? .beginning(of: book))
            }
        }
    }

    /// A row that is about to change, but not in its key: references to it may be made meanwhile.
    var rowLock: String { isLocking ? "FOR NO KEY UPDATE OF t" : "" }
}

extension StoredValue {
    fileprivate var holdsNUL: Bool {
        if case .characters(let text) = self { text.utf8.contains(0) } else { false }
    }
}

extension NaturalKey {
    /// The kind of row that it finds.
    fileprivate var kind: ObjectKind {
        switch self {
        case .cardFingerprint: .card
        case .customerIdentity, .customerEmail: .customer
        case .uniqueReference, .processorReference: .payment
        }
    }

    fileprivate var place: (table: String, condition: String, book: Book, values: [StoredValue]) {
        switch self {
        case .cardFingerprint(let book, let digest):
            ("card", "fingerprint = $2::bytea AND deleted_at IS NULL", book, [.digest(digest)])
        case .customerIdentity(let book, let digest):
            ("customer", "identity = $2::bytea AND deleted_at IS NULL", book, [.digest(digest)])
        case .customerEmail(let book, let digest):
            ("customer", "email_digest = $2::bytea AND deleted_at IS NULL", book, [.digest(digest)])
        case .uniqueReference(let book, let text):
            ("payment", "unique_reference = $2::text", book, [.text(text)])
        case .processorReference(let book, let connector, let account, let text):
            (
                "payment", "connector = $2::text AND connector_account = $3::text AND processor_reference = $4::text",
                book,
                [.text(connector), .text(account), .text(text)]
            )
        }
    }
}
#endif
