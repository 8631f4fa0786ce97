import Foundation

/// The file that says what became of each row: `row,outcome,id,reason`.
final class ImportResults {
    private static let header = "row,outcome,id,reason\r\n"
    private let handle: FileHandle
    private var waiting = Data()

    /// Begins the file anew; nothing but an earlier file of results is replaced.
    ///
    /// - Throws: ``AdminRefusal`` where something else stands there, or nothing can be written.
    init(_ path: String) throws {
        if let there = FileHandle(forReadingAtPath: path) {
            let beginning = try there.read(upToCount: Self.header.utf8.count) ?? Data()
            try there.close()
            guard beginning.isEmpty || beginning == Data(Self.header.utf8) else {
                throw AdminRefusal(
                    "\(path) is no file of results, and nothing is replaced. Name another with --results."
                )
            }
        }
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: Data(Self.header.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade, let handle = FileHandle(forWritingAtPath: path) else {
            throw AdminRefusal("\(path) cannot be written. Name another file with --results.")
        }
        self.handle = handle
        try handle.seekToEnd()
    }

    /// - Parameter row: counted as a spreadsheet does.
    func add(row: Int, _ outcome: String, id: String?, reason: String?) throws {
        let cells: [FileValue] = [.number(Int64(row)), .text(outcome), .text(id), .text(reason)]
        waiting.append(contentsOf: Data(CSVText.record(cells).utf8))
        if waiting.count > 1 << 16 { try flush() }
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try handle.write(contentsOf: waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
