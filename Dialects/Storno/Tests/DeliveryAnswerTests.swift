import Crypto
import DialectKit
import Domain
import Foundation
import HTTPTypes
import Outbound
import Server
import Storage
import TestSupport
import Testing

@Suite struct DeliveryAnswerTests {
    @Test func `a message is the event as it is read, with the time that Standard Webhooks wants`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let made = try await merchant.post("/webhook_endpoints", #"{"url": "\#(WebhookEndpointTests.url)"}"#)
            let refund = try await merchant.refund(merchant.payment(1000), 300, #", "metadata": {"a": "ü"}"#)
            try await merchant.server.advance(by: .seconds(30))
            try await merchant.deliver()
            #expect(receiver.messages.count > 3)
            let secret = try #require(made.json["secret"]?.string)
            let bytes = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
            for message in receiver.messages {
                let told = try JSONReader.read(message.body)
                let event = try await merchant.get("/events/\(message.id)").json
                guard case .object(let members) = told else {
                    Issue.record("\(told) is no object")
                    return
                }
                #expect(JSONValue.object(members.filter { $0.name != "timestamp" }) == event)
                #expect(told["timestamp"] == event["created_at"])
                #expect(message.body.count < 20_000)
                #expect(message.fields["content-type"] == "application/json")
                let signed = "\(message.id).\(message.fields["webhook-timestamp"] ?? "")."
                let code = HMAC<SHA256>
                    .authenticationCode(for: Array(signed.utf8) + message.body, using: SymmetricKey(data: bytes))
                let signature = "v1," + Data(code).base64EncodedString()
                #expect(message.fields["webhook-signature"]?.split(separator: " ").first.map(String.init) == signature)
            }
            #expect(receiver.messages.contains { $0.id.contains(refund) })
        }
    }

    @Test func `what would be too long is shortened, and says so`() async throws {
        try await Merchant.receiving { merchant, receiver in
            _ = try await merchant.endpoint(#", "events": ["refund.created"]"#)
            let texts = (1...50).map { #""name\#($0)": "\#(String(repeating: "é", count: 480))""# }
            let metadata = #", "metadata": {\#(texts.joined(separator: ", "))}"#
            let refund = try await merchant.refund(merchant.payment(1000), 300, metadata)
            try await merchant.deliver()
            let message = try #require(receiver.messages.first)
            #expect(message.body.count < 20_000)
            let told = try JSONReader.read(message.body)
            #expect(told["abridged"] == .bool(true))
            #expect(told["data"]?["object"]?["id"]?.string == refund)
            #expect(told["data"]?["object"]?["amount"]?.integer == 300)
            #expect(told["data"]?["object"]?["metadata"] == nil)
        }
    }

    @Test func `events are told whichever API made what they are about`() async throws {
        try await Merchant.receiving { merchant, receiver in
            _ = try await merchant.endpoint(#", "events": ["refund.*"]"#)
            let payment = try await merchant.payment(1000)
            let id = try #require(ObjectIDs.payment(payment))
            let key = try await merchant.server.key("stancer")
            let made = try await merchant.server.send(
                .post,
                "/stancer/v1/refunds/",
                authorization: "Basic " + base64("\(key):"),
                headers: ["Host": "localhost"],
                body: #"{"payment": "\#(id)", "amount": 50}"#
            )
            #expect(made.status < 300, "\(made.text)")
            try await merchant.deliver()
            let told = try JSONReader.read(try #require(receiver.messages.first).body)
            #expect(told["data"]?["object"]?["origin"]?.string == "stancer")
        }
    }

    @Test func `deliveries and their attempts are read, listed and filtered`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let endpoint = try await merchant.endpoint(#", "events": ["refund.created"]"#)
            let payment = try await merchant.payment()
            receiver.answers(500, body: "<b>broken</b>")
            _ = try await merchant.refund(payment, 1)
            try await merchant.deliver()
            receiver.answers(200)
            _ = try await merchant.refund(payment, 2)
            try await merchant.deliver()
            let path = "/webhook_endpoints/\(endpoint)/deliveries"
            let all = try await merchant.get(path)
            #expect(try all.items.map { $0["state"]?.string } == ["delivered", "pending"])
            #expect(try await merchant.get("\(path)?state=pending").ids == [try all.ids[1]])
            #expect(try await merchant.get("\(path)?state=pending&state=delivered&limit=1").fields[.link] != nil)
            #expect(try await merchant.get("\(path)?state=lost").code == "invalid_parameter")
            let failed = try await merchant.get("/deliveries/\(try all.ids[1])").json
            let attempt = try #require(failed["attempts"]?.array?.first)
            #expect(attempt["status"]?.integer == 500)
            #expect(attempt["outcome"]?.string == "refused")
            #expect(attempt["answer"]?.string == "<b>broken</b>")
            #expect(failed["next_attempt_at"]?.string != nil)
            let again = try await merchant.post("/deliveries/\(try all.ids[1])/resend")
            #expect(try again.json["state"]?.string == "pending")
            try await merchant.deliver()
            #expect(try await merchant.get("/deliveries/\(try all.ids[1])").json["state"]?.string == "delivered")
            #expect(Set(receiver.ids).count == 2 && receiver.ids.count == 3)
        }
    }

    @Test func `a secret is rotated, and the one before signs beside it for a while`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let made = try await merchant.post("/webhook_endpoints", #"{"url": "\#(WebhookEndpointTests.url)"}"#)
            let path = "/webhook_endpoints/\(try made.id)"
            let rotated = try await merchant.post("\(path)/rotate_secret", #"{"overlap_seconds": 3600}"#)
            #expect(try rotated.json["secret"] != made.json["secret"])
            #expect(try rotated.json["public_key"] != made.json["public_key"])
            #expect(try rotated.json["previous_secret_expires_at"]?.string != nil)
            _ = try await merchant.post("\(path)/ping")
            try await merchant.deliver()
            merchant.server.clock.advance(by: .seconds(3601))
            _ = try await merchant.post("\(path)/ping")
            try await merchant.deliver()
            let counts = receiver.messages.map { $0.fields["webhook-signature"]?.split(separator: " ").count }
            #expect(counts == [4, 2])
            let last = try await merchant.post("\(path)/rotate_secret", #"{"overlap_seconds": 0}"#)
            #expect(try last.json["previous_secret_expires_at"] == .null)
        }
    }

    @Test func `events are replayed by id and by time`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let endpoint = try await merchant.endpoint(#", "events": ["refund.created"]"#)
            let payment = try await merchant.payment()
            for amount in 1...3 {
                _ = try await merchant.refund(payment, Int64(amount))
                merchant.server.clock.advance(by: .seconds(60))
            }
            try await merchant.deliver()
            let ids = receiver.ids
            #expect(ids.count == 3)
            let path = "/webhook_endpoints/\(endpoint)/replay"
            let one = try await merchant.post(path, #"{"events": ["\#(ids[1])"]}"#)
            #expect(try one.json["queued"]?.integer == 1)
            #expect(try one.json["has_more"] == .bool(false))
            try await merchant.deliver()
            #expect(receiver.ids == ids + [ids[1]])
            let event = try await merchant.get("/events/\(ids[1])").json
            let from = try #require(event["created_at"]?.string)
            let since = try await merchant.post(path, #"{"created_from": "\#(from)"}"#)
            #expect(try since.json["queued"]?.integer == 2)
            try await merchant.deliver()
            #expect(Set(receiver.ids.suffix(2)) == Set(ids.suffix(2)))
            let none = try await merchant.post(path, #"{"created_from": "\#(from)", "created_before": "\#(from)"}"#)
            #expect(try none.json["queued"]?.integer == 0)
            let filtered = try await merchant.post(path, #"{"created_from": "\#(from)", "types": ["payment.*"]}"#)
            #expect(try filtered.json["queued"]?.integer == 0)
            for body in [
                "{}", #"{"events": []}"#, #"{"events": ["evt_x"]}"#, #"{"events": ["\#(ids[0])"], "types": []}"#,
                #"{"created_from": "soon"}"#, #"{"starting_after": "evt_x"}"#,
            ] {
                #expect(try await merchant.post(path, body).code == "invalid_parameter", "\(body)")
            }
        }
    }

    @Test func `a long replay goes on where it stopped`() async throws {
        try await Merchant.receiving { merchant, receiver in
            let payment = try await merchant.payment(100_000)
            for amount in 1...230 { _ = try await merchant.refund(payment, Int64(amount)) }
            try await merchant.settle()
            let endpoint = try await merchant.endpoint(#", "events": ["refund.created"]"#)
            let path = "/webhook_endpoints/\(endpoint)/replay"
            let first = try await merchant.post(path, #"{"created_from": "2026-01-01T00:00:00Z"}"#)
            #expect(try first.json["queued"]?.integer == 200)
            #expect(try first.json["has_more"] == .bool(true))
            let next = try #require(first.json["next"]?.string)
            let second = try await merchant.post(path, #"{"starting_after": "\#(next)"}"#)
            #expect(try second.json["queued"]?.integer == 30)
            #expect(try second.json["has_more"] == .bool(false))
            try await merchant.deliver()
            #expect(Set(receiver.ids).count == 230 && receiver.ids.count == 230)
        }
    }
}

enum ObjectIDs {
    /// The same payment as Stancer's API writes it.
    static func payment(_ text: String) -> String? {
        IdentifierText(prefix: "pay_", alphabet: IdentifierText.base36, length: 25).id(text)
            .map { IdentifierText(prefix: "paym_", alphabet: IdentifierText.base62, length: 24).text($0) }
    }
}
