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
    /// Aligned by what a terminal shows; a column called `status` or `state` in colours.
    ///
    /// - Parameter columns: names in lower case, as in the JSON.
    static func show(_ columns: [String], _ rows: [[String]], asJSON: Bool) throws {
        if asJSON {
            let objects = rows.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
            try show(json: objects)
            return
        }
        let rows = rows.map { $0.map(TextWidth.printable) }
        let widths = columns.indices.map { index in
            ([columns] + rows).map { TextWidth.of($0[index]) }.max() ?? 0
        }
        for (number, row) in ([columns.map { $0.uppercased() }] + rows).enumerated() {
            let last = row.lastIndex { !$0.isEmpty } ?? 0
            let cells = row.indices.prefix(through: last)
                .map { index in
                    let cell = index == last ? row[index] : TextWidth.padded(row[index], widths[index])
                    let isStatus = number > 0 && ["status", "state"].contains(columns[index])
                    return isStatus ? Paint.of(status: row[index])?(cell) ?? cell : cell
                }
            print(cells.joined(separator: "  "))
        }
    }

    static func show(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
