import Foundation

/// Words for the person at the terminal, on standard error: data alone goes to standard output.
enum Talk {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}

enum ProcessEnvironment {
    static func value(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

/// Rows for people or, with `--json`, for programs.
enum TableOutput {
    /// - Parameter columns: names in lower case, as in the JSON.
    static func show(_ columns: [String], _ rows: [[String]], asJSON: Bool) throws {
        if asJSON {
            let objects = rows.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
            try show(json: objects)
            return
        }
        let widths = columns.indices.map { index in
            ([columns] + rows).map { $0[index].count }.max() ?? 0
        }
        for row in [columns.map { $0.uppercased() }] + rows {
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    static func show(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
