import Domain
import Storage
import Testing

/// Endpoints, deliveries, and the lanes that they stand in.
extension StoreConformance {
    private func endpoint(_ number: UInt128) -> WebhookEndpoint {
        var target = WebhookTarget(
            url: "https://example.com/\(number)?é=\"",
            label: "l",
            key: WebhookKey(secret: [1, 2, 3], seed: [4, 5, 6])
        )
        target.previousKey = WebhookKey(secret: [7], seed: [8])
        var endpoint = WebhookEndpoint(
            id: id(number),
            book: book,
            createdAt: moment,
            target: target,
            types: ["refund.*", "payment.created"],
            apiVersion: "v1"
        )
        endpoint.previousExpiresAt = moment
        endpoint.heldUntil = moment
        endpoint.throttles = 2
        return endpoint
    }

    private func delivery(
        _ number: UInt128,
        to endpoint: WebhookEndpoint,
        _ sequence: Int64,
        _ state: DeliveryState,
        due: Int64? = nil
    ) -> Delivery {
        var delivery = Delivery(
            id: id(number),
            book: book,
            endpoint: endpoint.id,
            object: ObjectReference(.refund, 7777),
            sequence: sequence,
            type: "refund.created",
            createdAt: moment,
            state: state
        )
        delivery.dueAt = due.map { Moment(seconds: $0) }
        if !state.isOpen { delivery.endedAt = moment }
        return delivery
    }

    private func mark(_ endpoint: WebhookEndpoint) -> WebhookMark {
        WebhookMark(book: book, endpoint: endpoint.id, transaction: 3, number: 4)
    }

    func endpointsComeBackAsTheyWere() async throws {
        let endpoint = endpoint(1000)
        try await insert([.webhookEndpoint(endpoint), .webhookMark(mark(endpoint))])
        let name = ObjectName(.webhookEndpoint, 1000, in: book)
        #expect(try await load(name) { $0.endpoint(name) } == endpoint)
        #expect(try await store.webhookEndpoints([endpoint.id], in: book) == [endpoint])
        #expect(try await store.webhookEndpoints([endpoint.id], in: other).isEmpty)
        let work = try await store.webhookWork()
        #expect(
            work == [
                WebhookWork(
                    name: WebhookName(book, endpoint.id),
                    mark: EventPlace(transaction: 3, number: 4),
                    heldUntil: moment,
                    nextDue: nil
                )
            ]
        )
        var footprint = Footprint()
        footprint.endpointsOf = [book]
        footprint.webhookMarks = [WebhookName(book, endpoint.id)]
        let (count, mark) = try await store.transact(footprint) { [book] set in
            (set.endpointCount(of: book), set.webhookMarks[endpoint.id])
        }
        #expect(count == 1 && mark == self.mark(endpoint))
        var gone = endpoint
        gone.deletedAt = moment
        gone.status = .disabled
        gone.disabledReason = .gone
        let deleted = gone
        footprint.objects = [name]
        try await store.transact(footprint) { $0.apply(.update(.webhookEndpoint(deleted))) }
        #expect(try await store.webhookEndpoints([endpoint.id], in: book).isEmpty)
        #expect(try await store.webhookWork().isEmpty)
        let range = KeyRange(.oldestFirst, limit: 9)
        #expect(try await store.keys(of: .webhookEndpoints(book), in: range).isEmpty)
    }

    func deliveriesStandInLanes() async throws {
        let endpoint = endpoint(1100)
        let lane = Lane(book, endpoint.id, 7777)
        let rows = [
            delivery(1101, to: endpoint, 1, .delivered), delivery(1102, to: endpoint, 2, .pending, due: 50),
            delivery(1104, to: endpoint, 4, .waiting), delivery(1103, to: endpoint, 3, .waiting),
        ]
        try await insert(
            [.webhookEndpoint(endpoint), .webhookMark(mark(endpoint))] + rows.map { .delivery($0) }
        )
        var footprint = Footprint()
        footprint.lanes = [lane]
        footprint.tellings = [Telling(lane, 1), Telling(lane, 9)]
        let (head, waiting, told, untold) = try await store.transact(footprint) { set in
            (
                set.head(of: lane), set.firstWaiting(in: lane), set.delivery(Telling(lane, 1)),
                set.delivery(Telling(lane, 9))
            )
        }
        #expect(head == rows[1] && waiting == rows[3] && told == rows[0] && untold == nil)
        let kind = DueWork.Kind.deliveries(book, endpoint.id)
        #expect(try await store.nextDue(kind) == Moment(seconds: 50))
        #expect(try await store.webhookWork().first?.nextDue == Moment(seconds: 50))
        for (seconds, found) in [(49, []), (50, [1102])] as [(Int64, [UInt128])] {
            let work = DueWork(kind, at: Moment(seconds: seconds), limit: 5)
            var due = Footprint()
            due.due = [work]
            let (ids, isThere) = try await store.transact(due) { set in
                (set.due(work), set.endpoints[endpoint.id] == endpoint)
            }
            #expect(ids == found && isThere == !found.isEmpty)
        }
        let listing = Listing.deliveries(book, endpoint.id, in: [.waiting, .delivered])
        #expect(try await store.keys(of: listing, in: KeyRange(.newestFirst, limit: 9)) == [1104, 1103, 1101])
        #expect(try await store.deliveries([id(1103), id(1)], in: book) == [rows[3]])
        #expect(try await store.deliveries([id(1103)], in: other).isEmpty)
        try await theHeadChanges(lane, from: rows[1], to: rows[3])
    }

    /// Who steps back and who comes forward are written together, in whatever order they were decided.
    private func theHeadChanges(_ lane: Lane, from head: Delivery, to next: Delivery) async throws {
        var (ended, forward) = (head, next)
        ended.state = .sending
        ended.attempts = 1
        ended.fencing = 1
        let sent = ended
        var footprint = Footprint()
        footprint.lanes = [lane]
        try await store.transact(footprint) { $0.apply(.update(.delivery(sent))) }
        #expect(try await store.nextDue(.deliveriesInFlight) == sent.dueAt)
        ended.state = .delivered
        ended.dueAt = nil
        ended.endedAt = moment
        forward.state = .pending
        forward.dueAt = moment
        let attempt = DeliveryAttempt(
            book: book,
            delivery: head.id,
            number: 1,
            startedAt: moment,
            durationMilliseconds: 12,
            outcome: .refused,
            status: 500,
            reason: "r",
            answer: Array("ä".utf8)
        )
        let changes: [Change] = [
            .update(.delivery(forward)), .update(.delivery(ended)), .insert(.deliveryAttempt(attempt)),
        ]
        try await store.transact(footprint) { set in for change in changes { set.apply(change) } }
        #expect(try await store.deliveryAttempts(of: head.id, in: book) == [attempt])
        #expect(try await store.deliveryAttempts(of: head.id, in: other).isEmpty)
        let found = try await store.transact(footprint) { ($0.head(of: lane)?.id, $0.firstWaiting(in: lane)?.sequence) }
        #expect(found.0 == next.id && found.1 == 4)
        try await theSchemaHoldsLanes(lane, forward)
    }

    private func theSchemaHoldsLanes(_ lane: Lane, _ head: Delivery) async throws {
        let endpoint = try #require(try await store.webhookEndpoints([lane.endpoint], in: book).first)
        let second = delivery(1190, to: endpoint, 90, .pending, due: 60)
        let twin = delivery(1191, to: endpoint, head.sequence, .waiting)
        let timeless = delivery(1192, to: endpoint, 92, .pending)
        let stray = delivery(1193, to: self.endpoint(999_999), 1, .waiting)
        for row in [second, twin, timeless, stray] {
            let failure = await #expect(throws: StoreFailure.self) { try await insert([.delivery(row)]) }
            if case .constraint = failure {} else { Issue.record("\(String(describing: failure)) is no constraint") }
        }
    }
}
