import Domain
import Engine
import Outbound
import Storage
import TestSupport
import Testing

@Suite struct DeliveryTests {
    @Test func `what happens from now on is told, in the order of each object`() async throws {
        try await Post.run { post in
            let before = try await post.test.payment(1000)
            let endpoint = try await post.endpoint()
            let refund = try await post.test.refund(before, 400)
            try await post.test.advance(by: .seconds(5))
            try await post.deliver()
            let told = try await post.deliveries(of: endpoint)
            let events = try await post.test.store.events(in: EventRange(post.test.book, .oldestFirst, limit: 100))
                .map(\.event)
            let since = events.filter { $0.object.id == refund.id.raw || $0.object.id == before.raw && $0.sequence > 2 }
            #expect(told.allSatisfy { $0.state == .delivered })
            #expect(Set(told.map(\.type)) == Set(since.map(\.type)))
            let ids = post.receiver.ids.filter { $0.hasPrefix(String(refund.id.raw, radix: 36)) }
            #expect(ids == (1...ids.count).map { "\(String(refund.id.raw, radix: 36))_\($0)" })
            #expect(!post.receiver.ids.contains("\(String(before.raw, radix: 36))_1"), "what was before is not told")
            try await post.check()
        }
    }

    @Test func `only the types that an endpoint wants are sent to it`() async throws {
        try await Post.run { post in
            let all = try await post.endpoint()
            let some = try await post.endpoint(["refund.created", "payment.*"])
            _ = try await post.test.refund(try await post.test.payment(1000), 400)
            for _ in 1...3 { try await post.test.advance(by: .seconds(5)) }
            try await post.deliver()
            let types = Set(try await post.deliveries(of: some).map(\.type))
            #expect(types.contains("refund.created"))
            #expect(types.allSatisfy { $0 == "refund.created" || $0.hasPrefix("payment.") })
            #expect(try await post.deliveries(of: all).contains { $0.type == "refund.succeeded" })
        }
    }

    @Test func `a failed event holds up its own object's and no other's`() async throws {
        try await Post.run { post in
            let (first, second) = (try await post.test.payment(1000), try await post.test.payment(1000))
            let endpoint = try await post.endpoint(["refund.*"])
            let slow = try await post.test.refund(first, 1)
            let fast = try await post.test.refund(second, 1)
            let bad = String(slow.id.raw, radix: 36)
            post.receiver.answers { message, _ in message.id.hasPrefix(bad) ? 500 : 200 }
            try await post.test.advance(by: .seconds(5))
            try await post.deliver()
            let told = try await post.deliveries(of: endpoint)
            #expect(told.filter { $0.object.id == fast.id.raw }.allSatisfy { $0.state == .delivered })
            let held = told.filter { $0.object.id == slow.id.raw }
            #expect(held.first?.state == .pending && held.first?.failures == 1)
            #expect(held.dropFirst().allSatisfy { $0.state == .waiting && $0.attempts == 0 })
            #expect(held.count > 1)
            post.receiver.answers { _, _ in 200 }
            try await post.wait(.seconds(6))
            let ids = post.receiver.ids.filter { $0.hasPrefix(bad) }
            #expect(ids == ["\(bad)_1"] + (1...held.count).map { "\(bad)_\($0)" })
            try await post.check()
        }
    }

    @Test func `ten attempts are made, then it is given up, and the next of its object begins`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.*"])
            _ = try await post.test.refund(payment, 1)
            try await post.test.advance(by: .seconds(5))
            post.receiver.answers(500, body: "no")
            try await post.waitForAll {
                try await post.deliveries(of: endpoint).dropFirst().first?.attempts ?? 0 > 0
            }
            let told = try await post.deliveries(of: endpoint)
            let first = try #require(told.first)
            #expect(first.state == .givenUp && first.attempts == 10 && first.endedAt != nil)
            let attempts = try await post.test.engine.attempts(of: first)
            #expect(attempts.map(\.number) == Array(1...10))
            #expect(attempts.allSatisfy { $0.outcome == .refused && $0.status == 500 && $0.answer == Array("no".utf8) })
            let planned = DeliveryRules.published.dropFirst()
            for (index, wait) in planned.enumerated() {
                let gap = attempts[index + 1].startedAt.since(attempts[index].startedAt)
                #expect(gap >= wait * 9 / 10, "wait \(index + 1)")
                #expect(gap <= wait * 11 / 10, "wait \(index + 1)")
            }
            #expect(told.dropFirst().first?.attempts ?? 0 > 0)
            try await post.check()
        }
    }

    @Test func `410 disables the endpoint, and it is told everything once it is enabled again`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            post.receiver.answers(410)
            _ = try await post.test.refund(payment, 1)
            try await post.deliver()
            #expect(post.receiver.messages.count == 1)
            let disabled = try await post.read(endpoint)
            #expect(disabled.status == .disabled && disabled.disabledReason == .gone)
            let events = try await post.test.store.events(
                of: ObjectReference(.webhookEndpoint, endpoint.id.raw),
                in: post.test.book
            )
            #expect(events.map(\.type) == ["webhook_endpoint.created", "webhook_endpoint.disabled"])
            _ = try await post.test.refund(payment, 2)
            try await post.wait(.seconds(86_400))
            #expect(post.receiver.messages.count == 1)
            post.receiver.answers(200)
            try await post.update(endpoint) { $0.status = .enabled }
            try await post.deliver()
            #expect(post.receiver.messages.count == 3)
            #expect(try await post.deliveries(of: endpoint, in: [.delivered]).count == 2)
            try await post.check()
        }
    }

    @Test func `a receiver that asks to wait is left alone for as long, with all of its events`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            post.receiver.answers(503, retryAfter: "120")
            _ = try await post.test.refund(payment, 1)
            try await post.deliver()
            _ = try await post.test.refund(payment, 2)
            post.receiver.answers(200)
            try await post.wait(.seconds(119))
            #expect(post.receiver.messages.count == 1)
            #expect(try await post.read(endpoint).heldUntil != nil)
            try await post.wait(.seconds(2))
            #expect(post.receiver.messages.count == 3)
            #expect(try await post.read(endpoint).heldUntil == nil)
            try await post.check()
        }
    }

    @Test func `an endpoint that is overloaded is asked more and more rarely`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            for amount in 1...3 { _ = try await post.test.refund(payment, Int64(amount)) }
            post.receiver.answers(429)
            try await post.deliver()
            let first = post.receiver.messages.count
            try await post.wait(.milliseconds(500))
            #expect(post.receiver.messages.count == first)
            try await post.wait(.seconds(200), steps: 400)
            #expect(try await post.read(endpoint).throttles > 3)
            #expect(post.receiver.messages.count < 12)
            post.receiver.answers(200)
            try await post.wait(.seconds(4000), steps: 200)
            #expect(try await post.read(endpoint).throttles == 0)
            #expect(try await post.deliveries(of: endpoint).allSatisfy { $0.state == .delivered })
            try await post.check()
        }
    }

    @Test func `calls that were under way together count as one sign of overload`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            for amount in 1...5 { _ = try await post.test.refund(payment, Int64(amount)) }
            let claims = try await post.claimAndDie(endpoint)
            #expect(claims.count == 5)
            for claim in claims {
                var answer = DeliveryAnswer(.refused, durationMilliseconds: 1)
                answer.status = 429
                _ = try await post.test.engine.perform(RecordDelivery(claim: claim, answer: answer))
            }
            #expect(try await post.read(endpoint).throttles == 1)
            post.test.clock.advance(by: .seconds(6))
            let name = WebhookName(post.test.book, endpoint.id)
            let probe = ClaimDeliveries(name, at: post.test.clock.now, limit: 10)
            #expect(try await post.test.engine.perform(probe).count == 1)
            try await post.check()
        }
    }

    @Test func `what a dead worker had claimed is sent again with the same id, and costs no failure`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            _ = try await post.test.refund(payment, 1)
            try await post.deliver()
            _ = try await post.test.refund(payment, 2)
            try await post.claimAndDie(endpoint)
            try await post.wait(.seconds(24))
            #expect(post.receiver.messages.count == 1)
            try await post.wait(.seconds(2))
            #expect(post.receiver.messages.count == 2)
            let told = try #require(try await post.deliveries(of: endpoint).last)
            #expect(told.state == .delivered && told.attempts == 2 && told.failures == 0)
            #expect(try await post.test.engine.attempts(of: told).map(\.outcome) == [.interrupted, .delivered])
            try await post.check()
        }
    }

    @Test func `a start sends at once what the process before it had claimed`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            _ = try await post.test.refund(payment, 1)
            try await post.claimAndDie(endpoint)
            #expect(try await post.test.engine.perform(RecoverDeliveries(limit: 10)) == 1)
            #expect(try await post.test.engine.perform(RecoverDeliveries(limit: 10)) == 0)
            try await post.deliver()
            #expect(post.receiver.messages.count == 1)
            try await post.check()
        }
    }

    @Test func `a worker that comes back too late changes nothing`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            _ = try await post.test.refund(payment, 1)
            let late = try #require(try await post.claimAndDie(endpoint).first)
            try await post.wait(.seconds(26))
            let answer = DeliveryAnswer(.refused, durationMilliseconds: 1)
            #expect(try await post.test.engine.perform(RecordDelivery(claim: late, answer: answer)) == nil)
            #expect(try await post.deliveries(of: endpoint).map(\.state) == [.delivered])
            try await post.check()
        }
    }

    @Test func `nothing is sent to an endpoint that was deleted, and its secrets are forgotten`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            _ = try await post.test.refund(payment, 1)
            post.receiver.answers(500)
            try await post.deliver()
            try await post.test.engine.perform(
                DeleteWebhookEndpoint(origin: post.test.origin, endpoint: post.name(endpoint))
            )
            _ = try await post.test.refund(payment, 2)
            try await post.wait(.seconds(86_400), steps: 10)
            #expect(post.receiver.messages.count == 1)
            await #expect(throws: EngineFailure.self) { try await post.read(endpoint) }
            try await post.check()
        }
    }

    @Test func `an address that turns to a private network is not called`() async throws {
        let resolver = ScriptedResolver(["hooks.example.com": [.v4(0x0808_0808)]])
        try await Post.run(resolver: resolver) { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            resolver.turn("hooks.example.com", to: [.v4(0x7F00_0001)])
            _ = try await post.test.refund(payment, 1)
            try await post.deliver()
            #expect(post.receiver.messages.isEmpty)
            let told = try #require(try await post.deliveries(of: endpoint).first)
            let attempt = try #require(try await post.test.engine.attempts(of: told).first)
            #expect(attempt.outcome == .blocked && told.failures == 1)
            #expect(attempt.reason?.contains("hooks.example.com") == false)
            resolver.turn("hooks.example.com", to: [.v4(0x0808_0404)])
            try await post.wait(.seconds(6))
            #expect(post.receiver.messages.map(\.address) == [.v4(0x0808_0404)])
        }
    }

    @Test func `no more endpoints are made than there may be`() async throws {
        var rules = Rules()
        rules.delivery.endpointLimit = 2
        try await Post.run(rules: rules) { post in
            let first = try await post.endpoint()
            _ = try await post.endpoint()
            await #expect(throws: EngineFailure.rejected(.tooManyEndpoints(limit: 2))) { _ = try await post.endpoint() }
            try await post.test.engine.perform(
                DeleteWebhookEndpoint(origin: post.test.origin, endpoint: post.name(first))
            )
            _ = try await post.endpoint()
        }
    }
}

extension Post {
    /// Fans out and claims as a worker would that is gone before it has sent anything.
    @discardableResult
    func claimAndDie(_ endpoint: WebhookEndpoint) async throws -> [ClaimedDelivery] {
        try await settle()
        let name = WebhookName(test.book, endpoint.id)
        let work = try #require(try await test.engine.webhookWork().first { $0.name == name })
        let events = try await test.engine.events(
            in: EventRange(test.book, .oldestFirst, after: work.mark, limit: 100, isSettled: true)
        )
        _ = try await test.engine.perform(
            FanOutEvents(endpoint: try await read(endpoint), from: work.mark, events: events)
        )
        return try await test.engine.perform(ClaimDeliveries(name, at: test.clock.now, limit: 10))
    }
}
