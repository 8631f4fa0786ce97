import Foundation

/// How values are read and written: times in RFC 3339 to the millisecond, in UTC.
public enum StornoCoding {
    /// Reads what the API writes.
    public static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            if let time = time(text) { return time }
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(text) is no time")
            )
        }
        return decoder
    }

    /// Writes values as the API does, members in the order of their names; what has no value is left out.
    public static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { time, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(time))
        }
        return encoder
    }

    /// A time as the API writes it: `2026-11-01T09:30:00.000Z`.
    public static func text(_ time: Date) -> String {
        // Rounded first: a format cuts off, and no binary fraction is a whole number of milliseconds.
        let milliseconds = (time.timeIntervalSince1970 * 1000).rounded()
        let whole = Date(timeIntervalSince1970: milliseconds / 1000 + 0.000_1)
        return whole.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted)
        )
    }

    /// - Returns: `nil` for a text that is no time in RFC 3339.
    public static func time(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return try? Date(text, strategy: style)
    }
}
