import Foundation
import Yams

/// Writes texts as a Swift file: `Embedder OUTPUT INPUT…`. YAML becomes JSON, in the order in which it is written; a
/// document that is no YAML fails the build.
@main
enum Embedder {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { URL(fileURLWithPath: $0) }
        guard let output = arguments.first else { throw Failure("Embedder OUTPUT INPUT…") }
        var source = "/// Texts that are part of the program. Written by the plugin Embed.\nenum Embedded {\n"
        for input in arguments.dropFirst() {
            let name = input.deletingPathExtension().lastPathComponent
            source += try "    static let \(name): StaticString = \(literal(text(of: input)))\n"
        }
        try Data((source + "}\n").utf8).write(to: output)
    }

    private static func text(of file: URL) throws -> String {
        let text = try String(contentsOf: file, encoding: .utf8)
        guard file.pathExtension == "yaml" else { return text }
        guard let node = try Yams.compose(yaml: text) else { throw Failure("\(file.path) is empty") }
        return try json(node, at: file.path)
    }

    /// As a raw literal, whatever the text holds.
    private static func literal(_ text: String) throws -> String {
        let fence = String(repeating: "#", count: 8)
        guard !text.contains("\"\"\"" + fence), !text.contains("\\" + fence), !text.contains("\r") else {
            throw Failure("a text holds what ends a literal, or a carriage return")
        }
        return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
