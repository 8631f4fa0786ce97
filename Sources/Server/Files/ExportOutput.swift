import Foundation

/// Where an export goes.
final class ExportOutput {
    private let path: String?
    private let handle: FileHandle
    private var waiting = Data()
    /// How many rows were written.
    private(set) var rows = 0

    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw AdminRefusal("There is a file at \(path) already, and nothing is replaced. Choose another name.")
        }
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: Self.partial(path), contents: nil, attributes: attributes),
            let handle = FileHandle(forWritingAtPath: Self.partial(path))
        else { throw AdminRefusal("\(path) cannot be written. Choose another place.") }
        self.handle = handle
    }

    func write(row: String) throws {
        try write(line: row)
        rows += 1
    }

    func write(line: String) throws {
        waiting.append(contentsOf: Data(line.utf8))
        if waiting.count > 1 << 16 { try flush() }
    }

    func finish() throws {
        try flush()
        guard let path else { return }
        try wording {
            try handle.synchronize()
            try handle.close()
            try FileManager.default.moveItem(atPath: Self.partial(path), toPath: path)
        }
    }

    func abandon() {
        if let path { try? FileManager.default.removeItem(atPath: Self.partial(path)) }
    }

    private static func partial(_ path: String) -> String { path + ".partial" }

    private func flush() throws {
        try wording { try handle.write(contentsOf: waiting) }
        waiting.removeAll(keepingCapacity: true)
    }

    private func wording(_ body: () throws -> Void) throws(AdminRefusal) {
        do {
            try body()
        } catch {
            throw AdminRefusal("The export could not be written: \(error.localizedDescription).")
        }
    }
}
