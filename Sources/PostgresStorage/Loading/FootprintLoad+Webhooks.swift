#if PostgreSQL
import Domain
import Rows
import Storage

extension FootprintLoad {
    /// Every lane that the footprint has, with those of what is told.
    var lanes: Set<Lane> { footprint.lanes.union(footprint.tellings.map(\.lane)) }

    // MARK: - Due deliveries

    func lookForDeliveries(_ work: DueWork, _ round: inout Round) {
        let arguments = work.kind.arguments + [.moment(work.moment), .integer(work.limit + leftOut.count)]
        let sql = "SELECT book, id FROM \(work.kind.source) AND due_at <= ? ORDER BY due_at, id LIMIT ?"
        round.ask(Statement(marked: sql, arguments)) { [self] rows in
            due[work] =
                try rows.map(of: "an index") { columns in
                    let key = try RowKey(columns.book(), columns.raw())
                    guard !leftOut.contains(key.id) else { return nil }
                    offeredDeliveries.insert(key)
                    return key
                }
                .compactMap(\.self)
        }
    }

    // MARK: - Rows

    func lockWebhooks(_ round: inout Round) {
        lockEndpoints(&round)
        lockMarks(&round)
        lockRows(Delivery.self, .delivery, &round) { .delivery($0) }
        lockLanes(&round)
        let offered = offeredDeliveries.subtracting(wanted[.delivery] ?? [])
        guard !offered.isEmpty else { return }
        let lock = isLocking ? rowLock + " SKIP LOCKED" : ""
        round.ask(statements.selection(Delivery.self, by: ["book", "id"], offered.inOrder, lock)) { [self] rows in
            for delivery in try sound(rows, Delivery.self) { set.load(.delivery(delivery)) }
        }
    }

    private func lockEndpoints(_ round: inout Round) {
        if let keys = wanted[.webhookEndpoint], !keys.isEmpty {
            let statement = statements.selection(WebhookEndpointRow.self, by: ["book", "id"], keys.inOrder, rowLock)
            askForEndpoints(statement, &round)
        }
        guard !footprint.endpointsOf.isEmpty else { return }
        let sql = """
            SELECT \(WebhookEndpointRow.columnList("t.")) FROM webhook_endpoint t
            WHERE t.book = ANY ($1::int8[]) AND t.deleted_at IS NULL
            """
        askForEndpoints(Statement(sql, [.array(footprint.endpointsOf.sorted().map { .book($0) }, .int8)]), &round)
    }

    private func askForEndpoints(_ statement: Statement, _ round: inout Round) {
        round.ask(statement) { [self] rows in
            for row in try rows.rows(WebhookEndpointRow.self) { set.load(.webhookEndpoint(try row.endpoint(sealer))) }
        }
    }

    private func lockMarks(_ round: inout Round) {
        let values = Set(footprint.webhookMarks.map { RowKey($0.book, $0.endpoint.raw) }).inOrder
        guard !values.isEmpty else { return }
        let statement = statements.selection(WebhookMark.self, by: WebhookMark.keyColumns, values, rowLock)
        round.ask(statement) { [self] rows in
            for mark in try rows.rows(WebhookMark.self) { set.load(.webhookMark(mark)) }
        }
    }

    /// Nobody else changes a lane meanwhile: its lock was taken first of all.
    private func lockLanes(_ round: inout Round) {
        let tellings: [[StoredValue]] = footprint.tellings.map { telling in
            [
                .book(telling.lane.book), .id(telling.lane.endpoint), .id(telling.lane.object),
                .integer(telling.sequence),
            ]
        }
        if !tellings.isEmpty {
            let columns = ["book", "endpoint", "object", "sequence"]
            askForDeliveries(statements.selection(Delivery.self, by: columns, tellings, rowLock), &round)
        }
        let keys = footprint.lanes.map { [StoredValue.book($0.book), .id($0.endpoint), .id($0.object)] }
        guard !keys.isEmpty else { return }
        let parameters = statements.arrays("delivery", ["book", "endpoint", "object"], keys)
        let named = "unnest($1::int8[], $2::bytea[], $3::bytea[]) AS k (book, endpoint, object)"
        let isIn = "t.book = k.book AND t.endpoint = k.endpoint AND t.object = k.object"
        let columns = Delivery.columnList("t.")
        let heads = """
            SELECT \(columns) FROM \(named) JOIN delivery t ON \(isIn) AND t.due_at IS NOT NULL
            ORDER BY t.book, t.id \(rowLock)
            """
        let waiting = """
            SELECT \(columns) FROM \(named) CROSS JOIN LATERAL (
                SELECT * FROM delivery t WHERE \(isIn) AND t.state = 'waiting' ORDER BY t.sequence LIMIT 1
            ) t
            """
        askForDeliveries(Statement(heads, parameters), &round)
        askForDeliveries(Statement(waiting, parameters), &round)
    }

    private func askForDeliveries(_ statement: Statement, _ round: inout Round) {
        round.ask(statement) { [self] rows in
            for delivery in try rows.rows(Delivery.self) { set.load(.delivery(delivery)) }
        }
    }

    // MARK: - What deliveries bring along

    /// The endpoints of due deliveries, as they are: whoever sends does not change them.
    func bringEndpoints(_ round: inout Round) {
        let named = wanted[.webhookEndpoint] ?? []
        let keys = offeredDeliveries.compactMap { set.deliveries[Delivery.ID($0.id)] }
            .map { RowKey($0.book, $0.endpoint.raw) }
        let missing = Set(keys).subtracting(named)
        guard !missing.isEmpty else { return }
        askForEndpoints(statements.selection(WebhookEndpointRow.self, by: ["book", "id"], missing.inOrder), &round)
    }
}

extension DueWork.Kind {
    var isOfDeliveries: Bool {
        switch self {
        case .deliveries, .deliveriesInFlight: true
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight, .payments: false
        }
    }
}
#endif
