import DialectKit
import Engine

/// What a payer paid from. Personal: kept as a note of the payment, not in its facet.
struct Device {
    let json: JSONValue

    /// As a request describes it.
    init?(in fields: Fields) throws(Refusal) {
        guard let device = try fields.object("device") else { return nil }
        json = .members(
            ("http_accept", .optional(try device.text("http_accept", 0...2048))),
            ("ip", .optional(try device.text("ip", 2...45))),
            ("languages", .optional(try device.text("languages", 0...2048))),
            ("port", .optional(try device.integer("port", 1...65535))),
            ("user_agent", .optional(try device.text("user_agent", 0...2048)))
        )
    }

    /// As it was kept; `nil` for what is not ours.
    init?(_ text: String?) {
        guard let text, let json = try? JSONReader.read(Array(text.utf8)), case .object = json else { return nil }
        self.json = json
    }

    var text: String { String(decoding: JSONWriter.bytes(json), as: UTF8.self) }
}
