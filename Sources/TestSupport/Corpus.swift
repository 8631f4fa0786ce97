import Foundation

/// The inputs that are kept in `Tests/Fuzz`: `corpus` reaches what can be reached, `found` broke a rule once.
package enum Corpus {
    package static let kinds = ["corpus", "found"]

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tests/Fuzz")

    /// The names of the targets that have inputs of a kind.
    package static func targets(_ kind: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: kind).path)
            .filter { !$0.hasPrefix(".") }
            .sorted()
    }

    package static func inputs(_ kind: String, of target: String) throws -> [(file: String, bytes: [UInt8])] {
        let place = folder.appending(path: "\(kind)/\(target)")
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: place.path).filter { !$0.hasPrefix(".") }.sorted()
            .map { file in ("\(kind)/\(target)/\(file)", Array(try Data(contentsOf: place.appending(path: file)))) }
    }

    /// Of every kind.
    package static func inputs(of target: String) throws -> [(file: String, bytes: [UInt8])] {
        try kinds.flatMap { try inputs($0, of: target) }
    }
}
