/// A word of the API that may get company: a server that is newer than this library may say one that is not here.
///
/// Such a word is kept as it is, so a `switch` needs a `default`:
///
/// ```swift
/// switch refund.status {
/// case .succeeded: …
/// case .failed, .canceled: …
/// default: …
/// }
/// ```
public protocol OpenWord: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
where RawValue == String, StringLiteralType == String {
    /// Any word, known or not.
    init(rawValue: String)
}

extension OpenWord {
    /// The word on the wire.
    public var description: String { rawValue }

    /// Any word, known or not.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// Reads a word, whatever it is.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes it as it is.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
