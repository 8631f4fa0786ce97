import HTTPTypes
import Testing

/// A request as a document prints it for `curl`.
struct CurlLine: Sendable {
    private(set) var method = HTTPRequest.Method.get
    private(set) var host = ""
    private(set) var path = ""
    private(set) var headers: [String: String] = [:]
    private(set) var body: String?

    /// - Parameter text: as printed.
    init(_ text: String) throws {
        var words = CurlLine.words(text)[...]
        #expect(words.first == "curl")
        words = words.dropFirst()
        while let word = words.popFirst() {
            switch word {
            case "-G": method = .get
            case "-X":
                method = try #require(words.first.flatMap { HTTPRequest.Method($0) })
                words = words.dropFirst()
            case "-d":
                body = words.first
                words = words.dropFirst()
            case "-H":
                let header = try #require(words.first).split(separator: ": ", maxSplits: 1)
                headers[String(header[0])] = String(try #require(header.last))
                words = words.dropFirst()
            default:
                let parts = try #require(word.split(separator: "https://").first).split(separator: "/", maxSplits: 1)
                host = String(parts[0])
                path = "/" + (parts.count > 1 ? parts[1] : "")
            }
        }
    }

    /// Split at blanks and line ends, quotes taken off.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text where character != "\\" {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                (quote, word) = (character, word ?? "")
            } else if quote == nil, character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap(\.self)
    }
}
