/// Writes records as RFC 4180 has them, harmless to spreadsheets.
///
/// A text that a spreadsheet would take for a formula, since it begins with `=`, `+`, `-`, `@`, a tab, a line break or an
/// apostrophe, gets an apostrophe in front, which ``plain(_:)`` takes away again. Numbers are written as they are.
package enum CSVText {
    private static let signs: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "'"]

    /// With the line's end.
    package static func record(_ cells: [FileValue]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// What was meant by a cell that may have been made harmless.
    package static func plain(_ cell: String) -> String {
        let scalars = cell.unicodeScalars
        guard scalars.first == "'", let second = scalars.dropFirst().first, signs.contains(second) else { return cell }
        return String(scalars.dropFirst())
    }

    private static func cell(_ value: FileValue) -> String {
        switch value {
        case .none: ""
        case .number(let number): String(number)
        case .text(let text): quoted(harmless(text))
        case .json(let json): quoted(harmless(json))
        }
    }

    private static func harmless(_ text: String) -> String {
        text.unicodeScalars.first.map(signs.contains) == true ? "'" + text : text
    }

    /// Byte by byte: a quote with an accent on it is one character, and a quote all the same.
    private static func quoted(_ text: String) -> String {
        let quote = UInt8(ascii: "\"")
        let needsQuotes = text.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == quote || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        }
        guard needsQuotes else { return text }
        var bytes = [quote]
        for byte in text.utf8 { bytes += byte == quote ? [quote, quote] : [byte] }
        return String(decoding: bytes + [quote], as: UTF8.self)
    }
}

/// One value of a file that people and programs read.
package enum FileValue: Sendable, Equatable {
    case none
    case number(Int64)
    case text(String)
    /// A JSON object, as text.
    case json(String)

    package static func text(_ text: String?) -> FileValue { text.map { .text($0) } ?? .none }
    package static func number(_ number: Int64?) -> FileValue { number.map { .number($0) } ?? .none }
}
