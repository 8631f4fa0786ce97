#if PostgreSQL
import Rows

/// A statement with its values. Its text is prepared once a connection.
struct Statement: Sendable {
    let sql: String
    let parameters: [Parameter]

    /// - Parameter sql: `$1` for the first value.
    init(_ sql: String, _ parameters: [Parameter] = []) {
        self.sql = sql
        self.parameters = parameters
    }

    /// - Parameter marked: a question mark for each value, as the statements that both databases share have it.
    init(marked sql: String, _ values: [StoredValue]) {
        self.init(Self.numbered(sql), values.map { .value($0) })
    }

    private static func numbered(_ sql: String) -> String {
        var number = 0
        return sql.reduce(into: "") { text, character in
            guard character == "?" else { return text.append(character) }
            number += 1
            text += "$\(number)"
        }
    }
}
#endif
