import Domain
import Storage

/// What rows have to be, as SQL: a question mark for each argument.
struct Conditions {
    private var texts: [String] = []
    private(set) var arguments: [StoredValue] = []

    var isEmpty: Bool { texts.isEmpty }

    var text: String { texts.joined(separator: " AND ") }

    mutating func add(sql: String, _ arguments: [StoredValue] = []) {
        texts.append(sql)
        self.arguments += arguments
    }

    /// No condition where there is no value.
    mutating func add(_ value: StoredValue, _ column: String, _ comparison: String = "=") {
        guard value != .null else { return }
        add(sql: "\(column) \(comparison) ?", [value])
    }

    mutating func add(_ text: String?, _ column: String) {
        guard let text else { return }
        // SQLite would take a text up to a NUL for the whole, PostgreSQL takes none: it finds nothing.
        guard !text.utf8.contains(0) else { return add(sql: "FALSE") }
        add(.text(text), column)
    }

    /// No condition where there are none.
    mutating func addStates<State: RawRepresentable<String>>(_ states: Set<State>, _ column: String) {
        guard !states.isEmpty else { return }
        let words = states.map(\.rawValue).sorted()
        add(sql: "\(column) IN (\(words.map { _ in "?" }.joined(separator: ", ")))", words.map { .text($0) })
    }

    /// - Parameter metadata: an expression for the text of one name in a row's `metadata`, the name an argument.
    mutating func add<State: RawRepresentable<String>>(
        _ filter: Filter<State>,
        state: String,
        amount: String,
        _ metadata: String
    ) {
        addStates(filter.states, state)
        add(filter.reason, "reason_code")
        if let range = filter.amount {
            add(.number(range.lowerBound), amount, ">=")
            add(.number(range.upperBound), amount, "<=")
        }
        for (name, text) in filter.metadata.sorted(by: { $0.key < $1.key }) {
            guard !name.utf8.contains(0), !text.utf8.contains(0) else {
                add(sql: "FALSE")
                continue
            }
            add(sql: "\(metadata) = ?", [.text(name), .text(text)])
        }
    }
}
