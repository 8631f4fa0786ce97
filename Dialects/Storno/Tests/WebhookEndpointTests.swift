import DialectKit
import Domain
import Engine
import HTTPTypes
import Outbound
import Server
import Storage
import TestSupport
import Testing
import Webhooks

@Suite struct WebhookEndpointTests {
    static let url = "https://hooks.example.com/in?token=qwerty"

    @Test func `the secret is shown to whoever made it, once`() async throws {
        try await Merchant.receiving { merchant, _ in
            let made = try await merchant.post("/webhook_endpoints", #"{"url": "\#(Self.url)", "description": "Ours"}"#)
            #expect(made.status == 200)
            let secret = try #require(made.json["secret"]?.string)
            #expect(secret.hasPrefix("whsec_"))
            #expect(try made.json["public_key"]?.string?.hasPrefix("whpk_") == true)
            let id = try made.id
            #expect(id.hasPrefix("we_"))
            let read = try await merchant.get("/webhook_endpoints/\(id)")
            #expect(try read.json["url"]?.string == Self.url)
            #expect(try read.json["description"]?.string == "Ours")
            #expect(try read.json["secret"] == nil)
            #expect(try await merchant.get("/webhook_endpoints").ids == [id])
            for text in [read.text, try await merchant.get("/webhook_endpoints").text] {
                #expect(!text.contains(secret.dropFirst(6)))
            }
            #expect(try await merchant.get("/events?webhook_endpoint=\(id)").text.contains("qwerty") == false)
        }
    }

    @Test func `a repetition under the same key is answered alike, secret and all`() async throws {
        try await Merchant.receiving { merchant, _ in
            let body = #"{"url": "\#(Self.url)"}"#
            let first = try await merchant.post("/webhook_endpoints", body, once: "k1")
            let again = try await merchant.post("/webhook_endpoints", body, once: "k1")
            #expect(first.text == again.text)
            #expect(again.fields[.idempotencyReplayed] == "true")
            #expect(try await merchant.get("/webhook_endpoints").ids.count == 1)
        }
    }

    @Test(
        arguments: [
            ("https://127.0.0.1/", "not_public"), ("https://[::ffff:10.0.0.1]/", "not_public"),
            ("https://private.example.com/", "not_public"), ("http://hooks.example.com/", "not_encrypted"),
            ("https://0x7f.1/", "malformed"), ("https://user@hooks.example.com/", "malformed"),
            ("nonsense", "malformed"),
        ]
    )
    func `an address that may not be called is refused, at creation and at change`(
        _ url: String,
        _ reason: String
    ) async throws {
        try await Merchant.receiving { merchant, _ in
            let refused = try await merchant.post("/webhook_endpoints", #"{"url": "\#(url)"}"#)
            #expect(refused.status == 400)
            #expect(try refused.code == "webhook_url_refused")
            #expect(try refused.json["reason"]?.string == reason)
            #expect(try refused.json["param"]?.string == "url")
            let id = try await merchant.endpoint()
            let changed = try await merchant.send(.patch, "/webhook_endpoints/\(id)", #"{"url": "\#(url)"}"#)
            #expect(try changed.code == "webhook_url_refused")
            #expect(try await merchant.get("/webhook_endpoints/\(id)").json["url"]?.string == Self.url)
        }
    }

    @Test(
        arguments: [
            "{}", #"{"url": 1}"#, #"{"url": "https://hooks.example.com/", "events": "refund.*"}"#,
            #"{"url": "https://hooks.example.com/", "events": ["Refund"]}"#,
            #"{"url": "https://hooks.example.com/", "events": [""]}"#,
            #"{"url": "https://hooks.example.com/", "evnets": []}"#,
            #"{"url": "https://hooks.example.com/", "events": ["*a"]}"#,
        ]
    )
    func `what is not understood is refused`(_ body: String) async throws {
        try await Merchant.receiving { merchant, _ in
            let refused = try await merchant.post("/webhook_endpoints", body)
            #expect(refused.status == 400)
            #expect(try await merchant.get("/webhook_endpoints").ids.isEmpty)
        }
    }

    @Test func `an endpoint is changed, stopped, started and taken away`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let id = try await merchant.endpoint(#", "events": ["refund.created"], "description": "d""#)
            let path = "/webhook_endpoints/\(id)"
            let changed = try await merchant.send(.patch, path, #"{"events": [], "description": null}"#)
            #expect(try changed.json["events"]?.array?.isEmpty == true)
            #expect(try changed.json["description"] == .null)
            #expect(try changed.json["version"]?.integer == 2)
            let stopped = try await merchant.send(.patch, path, #"{"status": "disabled"}"#)
            #expect(try stopped.json["disabled_reason"]?.string == "requested")
            let payment = try await merchant.payment()
            _ = try await merchant.refund(payment, 1)
            try await merchant.deliver()
            #expect(receiver.messages.isEmpty)
            #expect(try await merchant.post("\(path)/ping").code == "endpoint_disabled")
            _ = try await merchant.send(.patch, path, #"{"status": "enabled"}"#)
            try await merchant.deliver()
            #expect(receiver.messages.count > 1, "what happened meanwhile is told")
            #expect(try await merchant.send(.delete, path).status == 204)
            #expect(try await merchant.get(path).status == 404)
            #expect(try await merchant.get("/webhook_endpoints").ids.isEmpty)
            let types = try await merchant.get("/events?type=webhook_endpoint.*&limit=100").items
                .compactMap { $0["type"]?.string }
            #expect(
                types == [
                    "webhook_endpoint.deleted", "webhook_endpoint.enabled", "webhook_endpoint.disabled",
                    "webhook_endpoint.updated", "webhook_endpoint.created",
                ]
            )
        }
    }

    @Test func `another account's endpoints are not there`() async throws {
        try await Merchant.receiving { merchant, _ in
            let id = try await merchant.endpoint()
            _ = try await merchant.refund(try await merchant.payment(), 1)
            try await merchant.deliver()
            let delivery = try await merchant.get("/webhook_endpoints/\(id)/deliveries").ids[0]
            let other = Merchant(
                server: merchant.server,
                key: try await merchant.server.key("storno", account: "other")
            )
            for path in ["/webhook_endpoints/\(id)", "/webhook_endpoints/\(id)/deliveries", "/deliveries/\(delivery)"] {
                #expect(try await other.get(path).status == 404)
            }
            for path in [
                "/webhook_endpoints/\(id)/ping", "/webhook_endpoints/\(id)/rotate_secret",
                "/deliveries/\(delivery)/resend",
            ] {
                #expect(try await other.post(path).status == 404)
            }
            let replay = #"{"created_from": "2026-01-01T00:00:00Z"}"#
            #expect(try await other.post("/webhook_endpoints/\(id)/replay", replay).status == 404)
            #expect(try await other.get("/webhook_endpoints").ids.isEmpty)
        }
    }

    @Test func `reading and writing need their scopes`() async throws {
        try await Merchant.run(scopes: ["webhooks:read"]) { merchant in
            let read = try await merchant.get("/webhook_endpoints")
            #expect(read.status == 200)
            let made = try await merchant.post("/webhook_endpoints", #"{"url": "\#(Self.url)"}"#)
            #expect(try made.code == "missing_scope")
        }
        try await Merchant.run(scopes: ["refunds:read"]) { merchant in
            let read = try await merchant.get("/webhook_endpoints")
            #expect(try read.code == "missing_scope")
        }
    }
}

extension Merchant {
    /// With a receiver at `hooks.example.com`.
    static func receiving(
        _ body: @Sendable @escaping (Merchant, ScriptedReceiver) async throws -> Void
    ) async throws {
        let receiver = ScriptedReceiver()
        try await TestServer.run(outbound: .scripted(receiver)) { server in
            try await body(Merchant(server: server, key: server.key("storno")), receiver)
        }
    }

    /// - Returns: the endpoint's id.
    func endpoint(_ members: String = "") async throws -> String {
        try await post("/webhook_endpoints", #"{"url": "\#(WebhookEndpointTests.url)"\#(members)}"#).id
    }

    private var book: Book {
        get throws { try #require(server.engine.directory.key(for: key)).book }
    }

    func settle() async throws { try await server.settle(book) }

    /// Sends what is due, and what becomes due by that.
    func deliver() async throws { try await server.deliver(eventsOf: book) }
}
