import Crypto
import Domain
import Engine
import Foundation
import Testing
import Webhooks

@Suite struct SignatureTests {
    private func key(_ secret: [UInt8]) -> WebhookKey { WebhookKey(secret: secret, seed: WebhookKey.fresh().seed) }

    @Test func `the signature of the specification's example comes out`() throws {
        let secret = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let fields = WebhookSignature.fields(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Moment(seconds: 1_614_265_330),
            body: Array(#"{"test": 2432232314}"#.utf8),
            keys: [key(Array(secret))]
        )
        #expect(fields[0].value == "msg_p5jXN8AQM9LWM0D4loKWxJek")
        #expect(fields[1].value == "1614265330")
        #expect(fields[2].value.split(separator: " ")[0] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `every key signs in both ways while two count`() throws {
        var endpoint = Self.endpoint
        let (old, new) = (WebhookKey.fresh(), WebhookKey.fresh())
        endpoint.target.key = new
        endpoint.target.previousKey = old
        endpoint.previousExpiresAt = Moment(seconds: 100)
        #expect(endpoint.keys(at: Moment(seconds: 99)) == [new, old])
        #expect(endpoint.keys(at: Moment(seconds: 100)) == [new])
        let body = Array("{}".utf8)
        let fields = WebhookSignature.fields(id: "evt_1", at: Moment(seconds: 99), body: body, keys: [new, old])
        let signatures = fields[2].value.split(separator: " ").map { $0.split(separator: ",", maxSplits: 1) }
        #expect(signatures.map { String($0[0]) } == ["v1", "v1", "v1a", "v1a"])
        let signed = Data("evt_1.99.{}".utf8)
        for (key, signature) in zip([new, old], signatures.suffix(2)) {
            let text = String(key.publicKeyText.dropFirst("whpk_".count))
            let bytes = try #require(Data(base64Encoded: text))
            let publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            let raw = try #require(Data(base64Encoded: String(signature[1])))
            #expect(publicKey.isValidSignature(raw, for: signed))
            #expect(!publicKey.isValidSignature(raw, for: signed + [0]))
        }
    }

    @Test func `secrets are as long as the specification wants, and no two are alike`() throws {
        let keys = (0..<20).map { _ in WebhookKey.fresh() }
        #expect(Set(keys.map(\.secretText)).count == 20)
        for key in keys {
            #expect(key.secretText.hasPrefix("whsec_"))
            let text = String(key.secretText.dropFirst("whsec_".count))
            let secret = try #require(Data(base64Encoded: text))
            #expect((24...64).contains(secret.count))
        }
    }

    @Test func `nothing that prints a key or a target gives it away`() {
        let endpoint = Self.endpoint
        for text in ["\(endpoint)", String(reflecting: endpoint), "\(endpoint.target)", "\(endpoint.target.key)"] {
            #expect(!text.contains("token-in-url"))
            #expect(!text.contains("11, 11"))
        }
    }

    private static var endpoint: WebhookEndpoint {
        let key = WebhookKey(secret: Array(repeating: 11, count: 32), seed: Array(repeating: 11, count: 32))
        return WebhookEndpoint(
            id: Identifier(1),
            book: Book(1),
            createdAt: Moment(seconds: 0),
            target: WebhookTarget(url: "https://example.com/token-in-url", label: nil, key: key),
            types: [],
            apiVersion: "v1"
        )
    }
}
