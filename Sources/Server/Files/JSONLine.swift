import DialectKit

/// Writes records as JSON lines: one object a line, with the columns for members; what has no value is left out.
enum JSONLine {
    static func text(_ columns: [String], _ values: [FileValue]) -> String {
        var members: [String] = []
        for (column, value) in zip(columns, values) {
            guard let json = json(value) else { continue }
            members.append(string(column) + ":" + json)
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }

    private static func json(_ value: FileValue) -> String? {
        switch value {
        case .none: nil
        case .number(let number): String(number)
        case .text(let text): string(text)
        case .json(let json): json
        }
    }

    private static func string(_ text: String) -> String {
        String(decoding: JSONWriter.bytes(.string(text)), as: UTF8.self)
    }
}
