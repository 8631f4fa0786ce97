import DialectKit
import Domain
import Engine
import HTTPTypes
import Rows
import Server
import Storage
import TestSupport
import Testing

@Suite struct TestClockTests {
    private static let start = "2030-01-01T00:00:00.000Z"

    /// On a clock that stands at the beginning of 2030.
    static func frozen(
        _ settings: [String: String?] = [:],
        _ body: @Sendable @escaping (Merchant, ScriptedReceiver) async throws -> Void
    ) async throws {
        try await Merchant.receiving { merchant, receiver in
            if !settings.isEmpty { try await merchant.server.set(settings) }
            let clock = try await merchant.post("/test_clock/freeze", #"{"at": "\#(start)"}"#)
            #expect(clock.status == 200, "\(clock.text)")
            try await body(merchant, receiver)
            #expect(try await merchant.server.findings() == [])
        }
    }

    /// A status of the lifecycle's table, and how a sandbox refund comes to it.
    struct Row: Sendable, CustomTestStringConvertible {
        let status: RefundStatus
        var amount: Int64 = 100
        var settings: [String: String?] = [:]
        var seconds: Int64 = 0
        var then: String?
        /// Whether it is passed through, while a call is under way, and not stayed in.
        var isPassed = false

        var testDescription: String { status.rawValue }
    }

    static let rows = [
        Row(status: .awaitingApproval, settings: ["approval_above": "0"]),
        Row(status: .queued, settings: ["undo_window_seconds": "600"], seconds: 599),
        Row(status: .dispatching, seconds: 1, isPassed: true),
        Row(status: .inDoubt, amount: 90_000_003, seconds: 1),
        Row(status: .submitted, seconds: 1),
        Row(status: .requiresAction, amount: 90_000_005, seconds: 86_400),
        Row(status: .succeeded, seconds: 2),
        Row(status: .reversed, amount: 90_000_004, seconds: 11 * 86_400),
        Row(status: .failed, amount: 90_000_001, seconds: 1),
        Row(status: .canceled, then: "cancel"),
        Row(status: .needsReview, amount: 90_000_008, seconds: 1),
    ]

    @Test(arguments: rows)
    func `every status is reached by a sandbox refund`(row: Row) async throws {
        try await Self.frozen(row.settings) { merchant, _ in
            let refund = try await merchant.refund(merchant.payment(200_000_000), row.amount)
            let clock = try await merchant.post("/test_clock/advance", #"{"by_seconds": \#(row.seconds)}"#)
            #expect(try clock.json["status"]?.string == "frozen", "\(clock.text)")
            if let then = row.then { _ = try await merchant.post("/refunds/\(refund)/\(then)") }
            let status = try await merchant.get("/refunds/\(refund)").json["status"]?.string
            let passed = try await merchant.events(of: refund).map(\.status)
            #expect(passed.contains(row.status.rawValue), "\(passed)")
            #expect((status == row.status.rawValue) != row.isPassed, "\(status ?? "")")
        }
    }

    @Test func `no status is without a scenario`() {
        #expect(Self.rows.map(\.status) == RefundStatus.allCases)
    }

    @Test func `each step of a refund has its own time`() async throws {
        try await Self.frozen { merchant, _ in
            let refund = try await merchant.refund(merchant.payment(), 300)
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 3600}"#)
            let told = try await merchant.events(of: refund)
            #expect(told.map(\.status) == ["queued", "dispatching", "submitted", "succeeded"])
            #expect(
                told.map(\.at) == [
                    Self.start, "2030-01-01T00:00:01.000Z", "2030-01-01T00:00:01.000Z", "2030-01-01T00:00:02.000Z",
                ]
            )
            let read = try await merchant.get("/refunds/\(refund)").json
            #expect(read["created_at"]?.string == Self.start)
            #expect(read["succeeded_at"]?.string == "2030-01-01T00:00:02.000Z")
            let made = try await merchant.get("/refunds?created_from=2029-12-31T00:00:00Z")
            #expect(try made.ids == [refund], "a list by time is by the book's time")
        }
    }

    @Test func `nothing happens while the time stands`() async throws {
        try await Self.frozen { merchant, _ in
            let refund = try await merchant.refund(merchant.payment(), 300)
            try await merchant.server.advance(by: .seconds(100))
            #expect(try await merchant.get("/refunds/\(refund)").json["status"]?.string == "queued")
            #expect(try await merchant.get("/test_clock").json["now"]?.string == Self.start)
        }
    }

    @Test func `a call that is never answered is tried for three days, and then a person has to look`() async throws {
        try await Self.frozen { merchant, _ in
            let refund = try await merchant.refund(merchant.payment(200_000_000), 90_000_002)
            let clock = try await merchant.post("/test_clock/advance", #"{"to": "2030-01-06T00:00:00Z"}"#)
            #expect(try clock.json["now"]?.string == "2030-01-06T00:00:00.000Z")
            let told = try await merchant.events(of: refund)
            #expect(told.last?.status == "needs_review")
            #expect(told.count > 10)
            #expect(told.map(\.at) == told.map(\.at).sorted())
            let last = try #require(told.last?.at)
            #expect(last > "2030-01-04T00:00:00" && last < "2030-01-05T00:00:00", "\(last)")
        }
    }

    @Test func `an approval expires at its minute`() async throws {
        try await Self.frozen(["approval_above": "0", "approval_expires_seconds": "7200"]) { merchant, _ in
            let refund = try await merchant.refund(merchant.payment(), 300)
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 7199}"#)
            #expect(try await merchant.get("/refunds/\(refund)").json["status"]?.string == "awaiting_approval")
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 86400}"#)
            let last = try #require(try await merchant.events(of: refund).last)
            #expect(last.status == "canceled")
            #expect(last.at == "2030-01-01T02:00:00.000Z")
        }
    }

    @Test func `an authorization waits for its merchant as long as it may`() async throws {
        try await Self.frozen { merchant, _ in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 604799}"#)
            #expect(try await merchant.get("/payments/\(payment)").json["status"]?.string == "authorized")
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 1}"#)
            #expect(try await merchant.get("/payments/\(payment)").json["status"]?.string == "expired")
        }
    }

    @Test func `a dead receiver sees the whole schedule in one call`() async throws {
        try await Self.frozen { merchant, receiver in
            receiver.answers(500)
            let endpoint = try await merchant.endpoint(#", "events": ["payment.*"]"#)
            _ = try await merchant.payment()
            let clock = try await merchant.post("/test_clock/advance", #"{"by_seconds": 400000}"#)
            #expect(try clock.json["status"]?.string == "frozen", "\(clock.text)")
            let told = try await merchant.get("/webhook_endpoints/\(endpoint)/deliveries").items
            let delivery = try #require(told.last)
            #expect(delivery["state"]?.string == "given_up")
            let first = receiver.messages.filter { $0.id == receiver.messages.first?.id }
            #expect(first.count == DeliveryRules.published.count)
            // Receivers hold this against their own clock, which nobody stopped.
            let now = String(merchant.server.clock.wall.seconds)
            #expect(first.allSatisfy { $0.fields["webhook-timestamp"] == now })
            let body = try JSONReader.read(try #require(first.first).body)
            #expect(body["timestamp"]?.string == Self.start)
            let read = try await merchant.get("/deliveries/\(delivery["id"]?.string ?? "")").json
            let attempts = read["attempts"]?.array?.compactMap { $0["started_at"]?.string } ?? []
            #expect(attempts.first == Self.start)
            #expect((attempts.last ?? "") > "2030-01-03", "\(attempts)")
            #expect(attempts == attempts.sorted())
        }
    }

    @Test func `every event is told at its own time`() async throws {
        try await Self.frozen { merchant, receiver in
            _ = try await merchant.endpoint(#", "events": ["refund.*"]"#)
            _ = try await merchant.refund(merchant.payment(), 300)
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 60}"#)
            let told = try receiver.messages.map { try JSONReader.read($0.body)["type"]?.string ?? "" }
            #expect(told == ["refund.created", "refund.dispatching", "refund.submitted", "refund.succeeded"])
        }
    }

    @Test func `other accounts and live mode go by the true time`() async throws {
        try await Self.frozen { merchant, _ in
            let other = Merchant(
                server: merchant.server,
                key: try await merchant.server.key("storno", account: "other")
            )
            let refund = try await other.refund(other.payment(), 300)
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 864000}"#)
            let read = try await other.get("/refunds/\(refund)").json
            #expect(read["status"]?.string == "queued")
            #expect(read["created_at"]?.string?.hasPrefix("2026-01-02T03:04:05") == true)
            #expect(try await other.get("/test_clock").json["status"]?.string == "running")
            try await merchant.server.advance(by: .seconds(2))
            #expect(try await other.get("/refunds/\(refund)").json["status"]?.string == "succeeded")
            let live = Merchant(server: merchant.server, key: try await merchant.server.key("storno", .live))
            for answer in [
                try await live.get("/test_clock"), try await live.post("/test_clock/freeze"),
                try await live.post("/test_clock/advance", #"{"by_seconds": 1}"#),
                try await live.send(.delete, "/test_clock"),
            ] {
                #expect(answer.status == 403)
                #expect(try answer.code == "clock_of_live_mode")
            }
        }
    }

    @Test func `the vendors' APIs show the same time`() async throws {
        try await Self.frozen { merchant, _ in
            let payment = try #require(ObjectIDs.payment(try await merchant.payment()))
            let key = try await merchant.server.key("stancer")
            let made = try await merchant.server.send(
                .post,
                "/stancer/v1/refunds/",
                authorization: "Basic " + base64("\(key):"),
                headers: ["Host": "localhost"],
                body: #"{"payment": "\#(payment)", "amount": 50}"#
            )
            #expect(try made.json["created"]?.integer == 1_893_456_000, "\(made.text)")
        }
    }

    @Test func `a time that stood behind joins the true one, and one that stood ahead runs on from there`() async throws
    {
        try await Merchant.run { merchant in
            let server = merchant.server
            _ = try await merchant.post("/test_clock/freeze", #"{"at": "2020-01-01T00:00:00Z"}"#)
            let behind = try await merchant.send(.delete, "/test_clock").json
            #expect(behind["status"]?.string == "running")
            #expect(behind["ahead_by_milliseconds"]?.integer == 0)
            #expect(behind["now"]?.string == "2026-01-02T03:04:05.000Z")
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 600}"#)
            server.clock.advance(by: .seconds(60))
            let ahead = try await merchant.send(.delete, "/test_clock").json
            #expect(ahead["ahead_by_milliseconds"]?.integer == 540_000)
            #expect(ahead["now"]?.string == "2026-01-02T03:14:05.000Z")
            let refund = try await merchant.refund(merchant.payment(), 300)
            server.clock.advance(by: .seconds(5))
            #expect(try await merchant.get("/test_clock").json["now"]?.string == "2026-01-02T03:14:10.000Z")
            _ = try await server.engine.drive(server.testBook(of: merchant.key), until: server.clock.now)
            server.clock.advance(by: .seconds(5))
            _ = try await server.engine.drive(server.testBook(of: merchant.key), until: server.clock.now)
            let told = try await merchant.events(of: refund)
            #expect(told.map(\.status) == ["queued", "dispatching", "submitted", "succeeded"])
            #expect(told.map(\.at).allSatisfy { $0 > "2026-01-02T03:14" })
            #expect(try await server.findings() == [])
        }
    }

    @Test func `what a clock cannot do is refused`() async throws {
        try await Merchant.run { merchant in
            _ = try await merchant.payment()
            let back = try await merchant.post("/test_clock/freeze", #"{"at": "2020-01-01T00:00:00Z"}"#)
            #expect(back.status == 409)
            #expect(try back.code == "clock_not_back")
            #expect(try back.json["now"]?.string == "2026-01-02T03:04:05.000Z")
            let far = try await merchant.post("/test_clock/advance", #"{"to": "2300-01-01T00:00:00Z"}"#)
            #expect(far.status == 400)
            #expect(try far.code == "clock_too_far")
            for body in [
                "{}", #"{"by_seconds": -1}"#, #"{"by_seconds": 1, "to": "2030-01-01T00:00:00Z"}"#, #"{"to": "soon"}"#,
                #"{"days": 1}"#,
            ] {
                #expect(try await merchant.post("/test_clock/advance", body).code == "invalid_parameter", "\(body)")
            }
            #expect(try await merchant.get("/test_clock").json["status"]?.string == "running")
            let book = try merchant.server.testBook(of: merchant.key)
            let origin = Origin(book: book, actor: Actor(.operator, "ada"), requestID: nil, dialect: "storno")
            _ = try await merchant.server.engine.perform(AdvanceClock(origin: origin, .by(seconds: 60)))
            for answer in [
                try await merchant.post("/test_clock/freeze"), try await merchant.send(.delete, "/test_clock"),
                try await merchant.post("/test_clock/advance", #"{"by_seconds": 1}"#),
            ] {
                #expect(try answer.code == "clock_advancing")
                #expect(try answer.json["advancing_to"]?.string == "2026-01-02T03:05:05.000Z")
            }
        }
    }

    @Test func `the same key moves the clock once`() async throws {
        try await Self.frozen { merchant, _ in
            for isReplay in [false, true] {
                let clock = try await merchant.post("/test_clock/advance", #"{"by_seconds": 60}"#, once: "k1")
                #expect(try clock.json["now"]?.string == "2030-01-01T00:01:00.000Z")
                #expect(clock.fields[.idempotencyReplayed] == (isReplay ? "true" : nil))
            }
            let other = try await merchant.post("/test_clock/advance", #"{"by_seconds": 61}"#, once: "k1")
            #expect(try other.code == "idempotency_mismatch")
        }
    }

    @Test func `keys live by the true time`() async throws {
        try await Merchant.run { merchant in
            let made = try await merchant.post("/api_keys", #"{"expires_at": "2026-01-02T04:00:00Z"}"#, once: "k")
            let key = try #require(made.json["key"]?.string)
            let young = Merchant(server: merchant.server, key: key)
            _ = try await young.post("/test_clock/advance", #"{"by_seconds": 86400}"#)
            let heir = try await young.post("/api_keys", "{}", once: "heir")
            #expect(heir.status == 200, "\(heir.text)")
            #expect(try heir.json["created_at"]?.string == "2026-01-02T03:04:05.000Z")
            merchant.server.clock.advance(by: .seconds(3600))
            #expect(try await young.get("/test_clock").status == 401)
        }
    }

    @Test func `who set the clock is in the audit trail`() async throws {
        try await Self.frozen { merchant, _ in
            _ = try await merchant.post("/test_clock/advance", #"{"by_seconds": 1}"#)
            _ = try await merchant.send(.delete, "/test_clock")
            let book = try merchant.server.testBook(of: merchant.key)
            // With PostgreSQL a row is told once no transaction that began before it is under way, in any database.
            var told = ""
            for _ in 0..<3000 where !told.contains("test_clock.resumed") {
                let backlog = try await merchant.server.installation.store.auditBacklog(of: book, limit: 100)
                told = "\(backlog)"
                try await Task.sleep(for: .milliseconds(10))
            }
            for action in ["test_clock.frozen", "test_clock.advanced", "test_clock.resumed"] {
                #expect(told.contains(action), "\(action)")
            }
        }
    }
}

extension Merchant {
    /// The statuses of a refund's events, with their times, in their order.
    func events(of refund: String) async throws -> [(status: String, at: String)] {
        var told: [(status: String, at: String)] = []
        var path = "/events?refund=\(refund)"
        while true {
            let page = try await get(path)
            told += try page.items.map {
                ($0["data"]?["object"]?["status"]?.string ?? "", $0["created_at"]?.string ?? "")
            }
            guard let link = page.fields[.link] else { return told }
            path = "/events" + link.dropFirst().prefix { $0 != ">" }.drop { $0 != "?" }
        }
    }
}

extension TestServer {
    func testBook(of key: String) throws -> Book { try #require(engine.directory.key(for: key)).book }
}
