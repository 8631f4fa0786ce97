import ArgumentParser
import Foundation
import StornoClient

/// A name and a value, as an argument: `order=4711`.
struct Pair: ExpressibleByArgument {
    let name: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }

    /// Of two with one name the last counts.
    static func dictionary(_ pairs: [Pair]) -> [String: String] {
        Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
    }

    static func details(_ metadata: [String: String]?) -> [(name: String, text: String?)] {
        (metadata ?? [:]).sorted { $0.key < $1.key }.map { ("metadata", "\($0.key)=\($0.value)") }
    }
}

/// How much of a list is printed.
struct ListCount: ParsableArguments {
    @Option(help: "How many at most, 1 to 10000.")
    var limit = 20

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000.") }
    }

    /// - Parameter found: how many there were when one more than wanted was looked for.
    func sayMore(_ found: Int) {
        if found == 0 { Talk.say("None.") }
        if found > limit { Talk.say("There are more than \(limit). --limit shows more.") }
    }
}

/// What a server answered, for programs: as its API writes it, members in the order of their names, without those that have
/// no value.
enum ClientJSON {
    /// One document.
    static func show(_ value: some Encodable) throws {
        let encoder = StornoCoding.encoder()
        encoder.outputFormatting.insert(.prettyPrinted)
        try Lines.put(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// One line of many.
    static func line(_ value: some Encodable) throws {
        try Lines.put(String(decoding: try StornoCoding.encoder().encode(value), as: UTF8.self))
    }
}
