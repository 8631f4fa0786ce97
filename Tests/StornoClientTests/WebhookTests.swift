import Foundation
import StornoClient
import TestSupport
import Testing

/// The server's messages are told from everybody else's.
@Suite struct WebhookTests {
    private static let now: Int64 = 1_767_323_045
    private static let body =
        #"{"id": "evt_1", "type": "refund.created", "created_at": "2026-01-02T03:04:05.000Z", "sequence": 1, "actor": {"type": "key", "id": "k"}, "request_id": null, "data": {"object": {"id": "x"}}, "timestamp": "2026-01-02T03:04:05.000Z", "abridged": true}"#

    private func verifier(secrets: [UInt8] = [], publicKeys: [UInt8] = [], now: Int64 = now) throws -> WebhookVerifier {
        WebhookVerifier(
            secrets: try secrets.map { try #require(WebhookSecret(ServerSignature.secret($0))) },
            publicKeys: try publicKeys.map { try #require(WebhookPublicKey(ServerSignature.publicKey($0))) },
            now: { now }
        )
    }

    @Test func `what the server signed is taken, by secret or by public key`() throws {
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1])
        for verifier in [try verifier(secrets: [1]), try verifier(publicKeys: [1])] {
            let event = try verifier.event(body: message.body, fields: message.fields)
            #expect(event.id == "evt_1" && event.type == "refund.created" && event.isAbridged)
        }
        var shouted: [String: String] = [:]
        for (name, value) in message.fields { shouted[name.uppercased()] = value }
        #expect(throws: Never.self) { try verifier(secrets: [1]).verify(body: message.body, fields: shouted) }
    }

    @Test func `in a rotation either secret is enough`() throws {
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1, 2])
        for number in [UInt8(1), 2] {
            #expect(throws: Never.self) {
                try verifier(secrets: [number]).verify(body: message.body, fields: message.fields)
                try verifier(publicKeys: [number]).verify(body: message.body, fields: message.fields)
            }
        }
        #expect(throws: WebhookRejection.notSigned) {
            try verifier(secrets: [3], publicKeys: [3]).verify(body: message.body, fields: message.fields)
        }
    }

    @Test func `a message that somebody changed is not taken`() throws {
        let verifier = try verifier(secrets: [1], publicKeys: [1])
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1])
        for place in stride(from: 0, to: message.body.count, by: 7) {
            var body = message.body
            body[place] ^= 1
            #expect(throws: WebhookRejection.notSigned) { try verifier.verify(body: body, fields: message.fields) }
        }
        for (name, value) in [("webhook-id", "evt_2"), ("webhook-timestamp", String(Self.now - 1))] {
            var fields = message.fields
            fields[name] = value
            #expect(throws: WebhookRejection.notSigned) { try verifier.verify(body: message.body, fields: fields) }
        }
        #expect(throws: WebhookRejection.notSigned) {
            // A secret is not taken for a public key, nor one kind of signature for the other.
            var fields = message.fields
            fields["webhook-signature"] = fields["webhook-signature"]?.replacing("v1,", with: "v1x,")
                .replacing("v1a,", with: "v1,")
            try verifier.verify(body: message.body, fields: fields)
        }
    }

    @Test func `what was signed at another time is not taken`() throws {
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1])
        for (now, isTaken) in [
            (Self.now - 300, true), (Self.now + 300, true), (Self.now - 301, false), (Self.now + 301, false),
        ] {
            let verifier = try verifier(secrets: [1], now: now)
            let wasTaken: Bool
            do throws(WebhookRejection) {
                try verifier.verify(body: message.body, fields: message.fields)
                wasTaken = true
            } catch {
                #expect(error == .notOfNow)
                wasTaken = false
            }
            #expect(wasTaken == isTaken)
        }
    }

    @Test(arguments: ["webhook-id", "webhook-timestamp", "webhook-signature"])
    func `a message without a field is not taken`(name: String) throws {
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1])
        var fields = message.fields
        for value in [nil, ""] {
            fields[name] = value
            #expect(throws: WebhookRejection.incomplete(field: name)) {
                try verifier(secrets: [1]).verify(body: message.body, fields: fields)
            }
        }
    }

    @Test(arguments: ["v1,", "v1", "v1,!!!!", "v2,AAAA", " ", "v1a,AAAA", String(repeating: "v1,AAAA ", count: 1000)])
    func `nonsense is no signature`(signature: String) throws {
        let message = ServerSignature.message(Self.body, at: Self.now, keys: [1])
        var fields = message.fields
        fields["webhook-signature"] = signature
        #expect(throws: WebhookRejection.notSigned) {
            try verifier(secrets: [1], publicKeys: [1]).verify(body: message.body, fields: fields)
        }
    }

    @Test func `what is signed and yet no event is told as such`() throws {
        let message = ServerSignature.message("{}", at: Self.now, keys: [1])
        #expect(throws: WebhookRejection.noEvent) {
            try verifier(secrets: [1]).event(body: message.body, fields: message.fields)
        }
    }

    @Test func `a new secret signs what its verifier takes, and does not print itself`() throws {
        let secret = WebhookSecret.random()
        let body = Array(Self.body.utf8)
        let fields = secret.fields(id: "evt_1", at: Self.now, body: body)
        let verifier = WebhookVerifier(secrets: [try #require(WebhookSecret(secret.text))], now: { Self.now })
        #expect(throws: Never.self) {
            try verifier.verify(
                body: body,
                fields: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
            )
        }
        #expect(secret != WebhookSecret.random())
        #expect("\(secret)" == "WebhookSecret" && !String(reflecting: secret).contains(secret.text.dropFirst(6)))
        for text in ["", "whsec_", "whsec_AAAA", "whsec_!!!", "nonsense"] { #expect(WebhookSecret(text) == nil) }
        for text in ["", "whpk_AAAA", ServerSignature.secret(1)] { #expect(WebhookPublicKey(text) == nil) }
    }

    @Test func `endpoints are made, changed, pinged, replayed and deleted`() async throws {
        let receiver = ScriptedReceiver()
        try await Shop.run(outbound: .scripted(receiver)) { shop in
            let endpoints = shop.storno.webhookEndpoints
            let inside = await refusal { _ = try await endpoints.create(url: "https://private.example.com/") }
            #expect(inside?.code == .webhookURLRefused && inside?.parameter == "url")
            let made = try await endpoints.create(url: "https://hooks.example.com/x", events: ["refund.*"])
            let secret = try #require(made.secret.flatMap { WebhookSecret($0) })
            #expect(try await endpoints.get(made.id).secret == nil)
            let ping = try await endpoints.ping(made.id)
            #expect(ping.type == "webhook_endpoint.ping")
            let refund = try await shop.refund(shop.payment(10), 1)
            try await shop.deliver()
            let event = try #require(try await shop.storno.events.list(of: .refund(refund)).first)
            let told = try #require(receiver.messages.first { $0.id == event.id })
            let now = try #require(told.fields["webhook-timestamp"].flatMap { Int64($0) })
            for verifier in [
                WebhookVerifier(secrets: [secret], now: { now }),
                WebhookVerifier(publicKeys: [try #require(WebhookPublicKey(made.publicKey))], now: { now }),
            ] {
                let heard = try verifier.event(body: told.body, fields: told.fields)
                #expect(heard.id == event.id && heard.object.id == refund)
            }
            #expect(try await endpoints.replay(made.id, events: [event.id]).queued == 1)
            try await shop.deliver()
            let since = event.createdAt.addingTimeInterval(-60)
            #expect(try await endpoints.replay(made.id, from: since, types: ["refund.*"]).queued == 1)
            try await shop.deliver()
            let deliveries = try await endpoints.deliveries(made.id, states: [.delivered]).first(9)
            let delivery = try #require(deliveries.first { $0.event == event.id })
            #expect(try await shop.storno.deliveries.get(delivery.id).attempts?.first?.status == 204)
            #expect(try await shop.storno.deliveries.resend(delivery.id).state == .pending)
            #expect(try await endpoints.rotateSecret(made.id, overlapSeconds: 60).previousSecretExpiresAt != nil)
            let off = try await endpoints.update(made.id, events: [], status: .disabled)
            #expect(off.status == .disabled && off.events.isEmpty)
            #expect(try await endpoints.list().first(9) == [off])
            try await endpoints.delete(made.id)
            #expect(try await endpoints.list().first(9).isEmpty)
        }
    }
}

/// What the library's pages say is so.
@Suite struct ReferenceTests {
    @Test func `every code of the reference is a word of the library`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let reference = try String(contentsOf: root.appending(path: "docs/reference/errors.md"), encoding: .utf8)
        let source = try String(
            contentsOf: root.appending(path: "Sources/StornoClient/Values/ErrorCode.swift"),
            encoding: .utf8
        )
        let codes = reference.matches(of: /\n\| `([a-z_]+)` \|/).map { String($0.output.1) }
        #expect(codes.count > 40)
        for code in codes { #expect(source.contains("ErrorCode(rawValue: \"\(code)\")"), "\(code) is missing") }
    }

    @Test func `times are written as the API writes them`() throws {
        for text in ["2026-01-02T03:04:05.006Z", "1970-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"] {
            let time = try #require(StornoCoding.time(text))
            #expect(StornoCoding.text(time) == text)
        }
        #expect(StornoCoding.time("2026-01-02T03:04:05Z") == StornoCoding.time("2026-01-02T03:04:05.000Z"))
        #expect(StornoCoding.time("yesterday") == nil)
    }
}
