import Foundation
import StornoClient
import TestSupport
import Testing

/// Everything that the API has, as values, asked of a real server.
@Suite struct ResourceTests {
    @Test func `a payment is taken, read, listed and found`() async throws {
        try await Shop.run { shop in
            var draft = PaymentDraft(amount: 2500, currency: "EUR")
            draft.reference = "order 1/ä"
            draft.metadata = ["snake_case": "kept"]
            let made = try await shop.storno.payments.create(draft)
            #expect(made.status == .captured && made.amountRefundable == 2500 && made.currency == "EUR")
            #expect(made.metadata == ["snake_case": "kept"])
            #expect(try await shop.storno.payments.get(made.id) == made)
            var filter = PaymentFilter(statuses: [.captured])
            filter.reference = "order 1/ä"
            #expect(try await shop.storno.payments.list(filter).page(limit: 5).items == [made])
            #expect(try await shop.storno.payments.search("order 1").first(9) == [made])
            filter.statuses = [.failed]
            #expect(try await shop.storno.payments.list(filter).first(9).isEmpty)
        }
    }

    @Test func `a payment is captured in parts`() async throws {
        try await Shop.run { shop in
            var draft = PaymentDraft(amount: 1000, currency: "EUR")
            draft.captures = false
            let made = try await shop.storno.payments.create(draft)
            #expect(made.status == .authorized && made.amountCapturable == 1000)
            let part = try await shop.storno.payments.capture(made.id, amount: 300)
            #expect(part.amountCaptured == 300)
            let whole = try await shop.storno.payments.capture(made.id, amount: 100, isFinal: true)
            #expect(whole.amountCaptured == 400 && whole.amountCapturable == 0)
            #expect(try await shop.storno.payments.captures(made.id).map(\.amount) == [300, 100])
        }
    }

    @Test func `a refund is asked for, goes out, and says what was sent and heard`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            var draft = RefundDraft(payment: payment, amount: 400)
            draft.reason = "requested_by_customer"
            draft.comment = "a comment"
            let refund = try await shop.storno.refunds.create(draft)
            #expect(refund.status == .queued && refund.amount == 400 && refund.kind == .refund)
            #expect(refund.actor.type == "key" && refund.requestID != nil && refund.comment == "a comment")
            try await shop.server.advance(by: .seconds(3))
            let seen = try await shop.storno.refunds.get(refund.id)
            #expect(seen.status == .succeeded && seen.status.isSettled && seen.succeededAt != nil)
            #expect(try await shop.storno.refunds.attempts(refund.id).map(\.outcome) == ["answered"])
            #expect(try await shop.storno.refunds.evidence(refund.id).last?.claim == "succeeded")
            #expect(try await shop.storno.refunds.list(RefundFilter(statuses: [.succeeded])).first(5) == [seen])
            #expect(try await shop.storno.refunds.search(refund.id).first(5) == [seen])
            let entries = try await shop.storno.ledger.entries(of: .refund(refund.id))
            #expect(!entries.isEmpty && entries.allSatisfy { $0.amount == 400 && $0.causeType == "refund" })
            #expect(try await shop.storno.ledger.balances().map(\.currency) == ["EUR"])
        }
    }

    @Test func `a quote is confirmed, and refused once the payment has changed`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            let quote = try await shop.storno.refunds.quote(payment: payment, amount: 100)
            #expect(quote.possible && quote.amount == 100 && quote.status == .queued)
            let token = try #require(quote.token)
            #expect(try await shop.storno.refunds.confirm(quote: token).amount == 100)
            let error = await refusal { _ = try await shop.storno.refunds.confirm(quote: token) }
            #expect(error?.code == .paymentChanged)
            #expect(error?.problem?.facts["quote"]?["amount_refundable"] == 900)
            let much = try await shop.storno.refunds.quote(payment: payment, amount: 901)
            #expect(!much.possible && much.refusal?.code == .exceedsRefundable && much.token == nil)
        }
    }

    @Test func `a batch has an outcome for each item`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            let drafts = [RefundDraft(payment: payment, amount: 600), RefundDraft(payment: payment, amount: 500)]
            let batch = try await shop.storno.refunds.create(batch: drafts, idempotencyKey: "b1")
            #expect(batch.made == 1 && batch.refused == 1)
            #expect(batch.outcomes[0].refund?.amount == 600 && batch.outcomes[1].problem?.code == .exceedsRefundable)
            #expect(try await shop.storno.refunds.create(batch: drafts, idempotencyKey: "b1") == batch)
        }
    }

    @Test func `a refund that waits is approved by another key, or rejected with a reason`() async throws {
        try await Shop.run { shop in
            try await shop.server.set(["approval_above": "0"])
            let payment = try await shop.payment(1000)
            let (one, other) = (try await shop.refund(payment, 1), try await shop.refund(payment, 2))
            let own = await refusal { _ = try await shop.storno.refunds.approve(one) }
            #expect(own?.code == .ownApproval)
            let colleague = try await shop.colleague()
            #expect(try await colleague.refunds.approve(one, note: "fine").status == .queued)
            #expect(try await colleague.refunds.reject(other, note: "no").status == .canceled)
            let again = try await shop.storno.refunds.retry(other)
            #expect(again.retryOf == other && again.status == .awaitingApproval)
            #expect(try await shop.storno.refunds.cancel(again.id).status == .canceled)
        }
    }

    @Test func `customers and pots are made, changed and deleted`() async throws {
        try await Shop.run { shop in
            let made = try await shop.storno.customers.create(name: "Jo Doe", email: "jo@example.com")
            let changed = try await shop.storno.customers.update(made.id, name: .set("Jo Poe"), email: .forget)
            #expect(changed.name == "Jo Poe" && changed.email == nil)
            #expect(try await shop.storno.customers.get(made.id) == changed)
            #expect(try await shop.storno.customers.list().first(9) == [changed])
            #expect(try await shop.storno.customers.search("poe").first(9) == [changed])
            let pot = try await shop.storno.pots.create(name: "A pot", currency: "GBP", owner: made.id)
            #expect(pot.status == .open && pot.owner == made.id)
            #expect(try await shop.storno.pots.get(pot.id) == pot)
            #expect(try await shop.storno.pots.list().first(9) == [pot])
            try await shop.storno.customers.delete(made.id)
            let gone = await refusal { _ = try await shop.storno.customers.get(made.id) }
            #expect(gone?.code == .notFound && gone?.problem?.facts["object"] == "customer")
        }
    }

    @Test func `events tell of objects as they were`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            let refund = try await shop.refund(payment, 100)
            try await shop.server.advance(by: .seconds(3))
            let events = try await shop.storno.events.list(of: .refund(refund))
            #expect(events.map(\.type.rawValue).first == "refund.created")
            #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
            guard case .refund(let first) = events[0].object, case .refund(let last) = events.last?.object else {
                throw Surprise()
            }
            #expect(first.status == .queued && last.status == .succeeded && first.version == nil)
            #expect(try await shop.storno.events.get(events[0].id) == events[0])
            let newest = try await shop.storno.events.list(types: ["refund.*"]).first(1)
            #expect(newest == [events.last])
            // Written again as it was read.
            let written = try StornoCoding.encoder().encode(events)
            #expect(try StornoCoding.decoder().decode([Event].self, from: written) == events)
        }
    }

    @Test func `keys are made, listed and revoked, and acts are in the trail`() async throws {
        try await Shop.run { shop in
            let made = try await shop.storno.apiKeys.create(name: "till", scopes: ["refunds:read"])
            #expect(made.key?.hasPrefix("storno_test_") == true && made.scopes == ["refunds:read"])
            #expect(try await shop.storno.apiKeys.list().first(9).map(\.name).contains("till"))
            #expect(try await shop.storno.apiKeys.revoke(made.id).revokedAt != nil)
            #expect(try await shop.storno.apiKeys.get(made.id).revokedAt != nil)
            let head = try await shop.storno.audit.head()
            #expect(head.number >= 0 && head.hash.count == 64)
            _ = try await shop.storno.audit.entries(actions: ["api_key.*"]).first(3)
        }
    }

    @Test func `disputes are listed`() async throws {
        try await Shop.run { shop in
            let found = try await shop.storno.disputes.list().first(3) + shop.storno.disputes.search("none").first(3)
            #expect(found.isEmpty)
            let missing = await refusal { _ = try await shop.storno.disputes.get("dis_x") }
            #expect(missing?.code == .notFound)
        }
    }

    @Test func `a list is walked over all of its pages`() async throws {
        try await Shop.run { shop in
            for number in 1...120 { _ = try await shop.storno.customers.create(externalReference: "c\(number)") }
            var walked: [String] = []
            for try await customer in shop.storno.customers.list() { walked.append(customer.externalReference ?? "") }
            #expect(walked == (1...120).reversed().map { "c\($0)" })
            #expect(try await shop.storno.customers.list().first(110).count == 110)
            #expect(shop.transport.requests.filter { $0.method == "GET" }.count == 4)
        }
    }

    @Test func `the time of test mode is stopped, moved and let run`() async throws {
        try await Shop.run { shop in
            let clock = shop.storno.testClock
            #expect(try await clock.get().status == .running)
            let start = try #require(StornoCoding.time("2090-01-01T00:00:00Z"))
            let frozen = try await clock.freeze(at: start)
            #expect(frozen.status == .frozen && frozen.now == start && frozen.frozenAt == start)
            #expect(try await clock.get() == frozen)
            let refund = try await shop.refund(try await shop.payment(1000), 100)
            let moved = try await clock.advance(bySeconds: 60, idempotencyKey: "a minute")
            #expect(moved.now == start.addingTimeInterval(60) && moved.advancingTo == nil)
            #expect(try await shop.storno.refunds.get(refund).status == .succeeded)
            #expect(try await clock.advance(bySeconds: 60, idempotencyKey: "a minute") == moved)
            #expect(try await clock.advance(to: start.addingTimeInterval(90)).now == start.addingTimeInterval(90))
            let back = await refusal { _ = try await clock.advance(to: start) }
            #expect(back?.code == .clockNotBack)
            let running = try await clock.resume()
            #expect(running.status == .running && running.frozenAt == nil && running.aheadByMilliseconds > 0)
        }
    }

    @Test func `requests are logged without what they said`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            _ = await refusal { _ = try await shop.storno.refunds.create(RefundDraft(payment: payment, amount: 2000)) }
            _ = await refusal { _ = try await shop.storno.payments.get("secret-path") }
            let logs = try await shop.storno.requestLogs.list().first(9)
            #expect(logs.map(\.path) == ["/v1/payments/{id}", "/v1/refunds", "/v1/payments"])
            #expect(logs.map(\.status) == [404, 422, 200])
            #expect(logs.map(\.code) == [.notFound, .exceedsPayment, nil])
            #expect(logs.allSatisfy { $0.dialect == "storno" && $0.apiKey.hasPrefix("key_") })
            var filter = RequestLogFilter()
            filter.statuses = ["4xx"]
            filter.paths = ["/v1/refunds*"]
            #expect(try await shop.storno.requestLogs.list(filter).first(9).map(\.status) == [422])
        }
    }
}

struct Surprise: Error {}

/// What a call was refused with.
func refusal(_ body: () async throws -> Void) async -> StornoError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StornoError
    }
}

extension Shop {
    /// - Returns: the payment's id.
    func payment(_ amount: Int64) async throws -> String {
        try await storno.payments.create(PaymentDraft(amount: amount, currency: "EUR")).id
    }

    /// - Returns: the refund's id.
    func refund(_ payment: String, _ amount: Int64) async throws -> String {
        try await storno.refunds.create(RefundDraft(payment: payment, amount: amount)).id
    }
}
