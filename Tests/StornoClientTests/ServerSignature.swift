import Domain
import Engine
import Webhooks

/// A message as the server signs it, for tests that know nothing of the server.
enum ServerSignature {
    struct Message: Sendable {
        let body: [UInt8]
        let fields: [String: String]
    }

    /// Of keys by their numbers.
    static func message(_ body: String, id: String = "evt_1", at seconds: Int64, keys: [UInt8]) -> Message {
        let body = Array(body.utf8)
        let fields = WebhookSignature.fields(
            id: id,
            at: Moment(seconds: seconds),
            body: body,
            keys: keys.map { key($0) }
        )
        return Message(body: body, fields: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) }))
    }

    static func secret(_ number: UInt8) -> String { key(number).secretText }

    static func publicKey(_ number: UInt8) -> String { key(number).publicKeyText }

    private static func key(_ number: UInt8) -> WebhookKey {
        WebhookKey(secret: Array(repeating: number, count: 32), seed: Array(repeating: number &+ 100, count: 32))
    }
}
