import Domain
import Engine
import Outbound
import Storage
import TestSupport
import Testing

@Suite struct ReplayTests {
    /// One refund's events, delivered.
    private func told(_ post: Post) async throws -> (WebhookEndpoint, Refund) {
        let payment = try await post.test.payment(1000)
        let endpoint = try await post.endpoint(["refund.*"])
        let refund = try await post.test.refund(payment, 1)
        try await post.test.advance(by: .seconds(5))
        try await post.deliver()
        return (endpoint, refund)
    }

    private func events(_ post: Post, _ types: [String] = []) async throws -> [PlacedEvent] {
        try await post.settle()
        return try await post.test.engine.events(
            in: EventRange(post.test.book, .oldestFirst, types: types, limit: 1000, isSettled: true)
        )
    }

    private func replay(_ post: Post, _ endpoint: WebhookEndpoint, _ events: [PlacedEvent]) async throws -> Int {
        let command = ReplayEvents(
            origin: post.test.origin,
            endpoint: post.name(endpoint),
            id: endpoint.id,
            events: events
        )
        return try await post.test.engine.perform(command).queued
    }

    @Test func `a delivery is sent once more with the same id`() async throws {
        try await Post.run { post in
            let (endpoint, _) = try await told(post)
            let before = post.receiver.ids
            let delivery = try #require(try await post.deliveries(of: endpoint).first)
            let again = try await post.test.engine.perform(ResendDelivery(origin: post.test.origin, delivery: delivery))
            #expect(again.state == .pending && again.id == delivery.id)
            try await post.deliver()
            #expect(post.receiver.ids == before + [before[0]])
            let now = try #require(try await post.deliveries(of: endpoint).first)
            #expect(now.state == .delivered && now.attempts == 2)
            try await post.check()
        }
    }

    @Test func `a replay keeps the order of each object, whatever order it is asked in`() async throws {
        try await Post.run { post in
            let (endpoint, _) = try await told(post)
            let before = post.receiver.ids
            let queued = try await replay(post, endpoint, try await events(post, ["refund.*"]).reversed())
            #expect(queued == before.count)
            #expect(try await post.deliveries(of: endpoint, in: [.pending]).count == 1)
            try await post.deliver()
            #expect(post.receiver.ids == before + before)
            try await post.check()
        }
    }

    @Test func `what is under way is not asked for twice`() async throws {
        try await Post.run { post in
            let (endpoint, _) = try await told(post)
            let count = post.receiver.ids.count
            let all = try await events(post, ["refund.*"])
            #expect(try await replay(post, endpoint, all) == count)
            #expect(try await replay(post, endpoint, Array(all.dropFirst())) == 0)
            try await post.deliver()
            #expect(post.receiver.ids.count == count * 2)
        }
    }

    @Test func `an event of before the endpoint's time can be told too, in order`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["payment.*"])
            try await post.deliver()
            #expect(post.receiver.ids.isEmpty)
            let early = try await events(post, ["payment.*"])
            #expect(try await replay(post, endpoint, early) == early.count)
            try await post.deliver()
            let prefix = String(payment.raw, radix: 36)
            #expect(post.receiver.ids == (1...early.count).map { "\(prefix)_\($0)" })
            try await post.check()
        }
    }

    @Test func `what the endpoint has not come to yet comes by itself, once`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.*"])
            _ = try await post.test.refund(payment, 1)
            #expect(try await replay(post, endpoint, try await events(post, ["refund.*"])) == 0)
            try await post.deliver()
            #expect(post.receiver.ids.count == 1)
        }
    }

    @Test func `a disabled endpoint is asked for nothing`() async throws {
        try await Post.run { post in
            let (endpoint, _) = try await told(post)
            try await post.update(endpoint) { $0.status = .disabled }
            let delivery = try #require(try await post.deliveries(of: endpoint).first)
            await #expect(throws: EngineFailure.rejected(.endpointDisabled)) {
                _ = try await post.test.engine.perform(ResendDelivery(origin: post.test.origin, delivery: delivery))
            }
            await #expect(throws: EngineFailure.rejected(.endpointDisabled)) {
                _ = try await replay(post, endpoint, try await events(post))
            }
            await #expect(throws: EngineFailure.rejected(.endpointDisabled)) {
                _ = try await post.test.engine.perform(
                    PingWebhookEndpoint(origin: post.test.origin, endpoint: post.name(endpoint))
                )
            }
        }
    }

    @Test func `one that was given up begins anew`() async throws {
        try await Post.run { post in
            let payment = try await post.test.payment(1000)
            let endpoint = try await post.endpoint(["refund.created"])
            post.receiver.answers(500)
            _ = try await post.test.refund(payment, 1)
            try await post.waitForAll()
            let given = try #require(try await post.deliveries(of: endpoint).first)
            #expect(given.state == .givenUp)
            post.receiver.answers(500)
            _ = try await post.test.engine.perform(ResendDelivery(origin: post.test.origin, delivery: given))
            try await post.deliver()
            let again = try #require(try await post.deliveries(of: endpoint).first)
            #expect(again.state == .pending && again.failures == 1 && again.attempts == 11)
            try await post.check()
        }
    }

    @Test func `a ping goes to its endpoint alone, whatever that wants to hear`() async throws {
        try await Post.run { post in
            let pinged = try await post.endpoint(["refund.*"])
            let other = try await post.endpoint()
            let ping = PingWebhookEndpoint(origin: post.test.origin, endpoint: post.name(pinged))
            let event = try await post.test.engine.perform(ping).event
            #expect(event.type == "webhook_endpoint.ping")
            try await post.deliver()
            #expect(try await post.deliveries(of: pinged).map(\.type) == ["webhook_endpoint.ping"])
            #expect(try await post.deliveries(of: other).isEmpty)
            try await post.check()
        }
    }

    @Test func `the place of a time is found by halving`() async throws {
        try await Post.run { post in
            var times: [Moment] = []
            for _ in 1...40 {
                _ = try await post.test.payment(10)
                times.append(post.test.clock.now)
                post.test.clock.advance(by: .seconds(120))
            }
            let all = try await events(post)
            for moment in times {
                let place = try await post.test.engine.place(before: moment, in: post.test.book)
                let behind = all.filter { $0.place > place }
                let wanted = all.filter { $0.event.at >= moment }
                #expect(behind.suffix(wanted.count) == wanted[...], "nothing of that time is passed over")
                #expect(behind.allSatisfy { $0.event.at >= moment.adding(.seconds(-721)) })
            }
        }
    }
}
