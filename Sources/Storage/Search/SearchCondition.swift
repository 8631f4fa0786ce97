import Domain

/// What an object's terms have to be. Terms are letters, digits and low lines alone, whatever was asked for.
package indirect enum SearchCondition: Sendable, Hashable {
    case term(String)
    /// A term that begins so.
    case beginning(String)
    case all([SearchCondition])
    case any([SearchCondition])

    /// - Parameter terms: of one object.
    package func holds(for terms: some Sequence<Substring>) -> Bool {
        switch self {
        case .term(let term): terms.contains { $0 == term }
        case .beginning(let start): terms.contains { $0.hasPrefix(start) }
        case .all(let conditions): conditions.allSatisfy { $0.holds(for: terms) }
        case .any(let conditions): conditions.contains { $0.holds(for: terms) }
        }
    }

    /// As a database's own language for this has it.
    ///
    /// - Parameters:
    ///   - term: how a term, or with `true` the beginning of one, is written.
    ///   - and: between conditions that all have to hold.
    package func text(and: String, or: String, term write: (String, Bool) -> String) -> String {
        switch self {
        case .term(let term): write(term, false)
        case .beginning(let start): write(start, true)
        case .all(let conditions): Self.joined(conditions.map { $0.text(and: and, or: or, term: write) }, and)
        case .any(let conditions): Self.joined(conditions.map { $0.text(and: and, or: or, term: write) }, or)
        }
    }

    private static func joined(_ parts: [String], _ mark: String) -> String {
        parts.count == 1 ? parts[0] : "(" + parts.joined(separator: " \(mark) ") + ")"
    }
}

/// What somebody typed: words that all have to be there, each as the beginning of one.
package struct SearchQuery: Sendable, Equatable {
    package enum Fault: Error {
        /// There is no letter or digit in it.
        case empty
        case tooManyWords
    }

    package static let mostWords = 16
    /// Shorter words are looked for as they are: too many begin with them.
    private static let shortestBeginning = 3
    /// The first digits of ids are those of the time, and the same for many.
    private static let shortestID = 6

    /// Between blanks.
    private struct Chunk: Sendable, Equatable {
        let words: [Word]
        let email: String?
    }

    private struct Word: Sendable, Equatable {
        let text: String
        let isBeginning: Bool
    }

    private let chunks: [Chunk]

    /// - Parameter idPrefixes: what ids begin with before their digits, such as `ref_`.
    package init(_ text: String, idPrefixes: [String]) throws(Fault) {
        var chunks: [Chunk] = []
        var count = 0
        for part in text.split(whereSeparator: \.isWhitespace) {
            let words = SearchWords.words(in: String(part)).map { Self.word($0, idPrefixes) }
            count += words.count
            guard count <= Self.mostWords else { throw .tooManyWords }
            guard !words.isEmpty else { continue }
            let at = part.firstIndex(of: "@")
            let isEmail = at.map { $0 > part.startIndex && part.index(after: $0) < part.endIndex } ?? false
            chunks.append(Chunk(words: words, email: isEmail ? String(part) : nil))
        }
        guard !chunks.isEmpty else { throw .empty }
        self.chunks = chunks
    }

    private static func word(_ text: String, _ idPrefixes: [String]) -> Word {
        for prefix in idPrefixes where text.hasPrefix(prefix) {
            let digits = text.dropFirst(prefix.count)
            return Word(text: String(digits), isBeginning: digits.utf8.count >= shortestID)
        }
        return Word(text: text, isBeginning: text.utf8.count >= shortestBeginning)
    }

    /// - Parameter kinds: at least one.
    package func condition(_ book: Book, _ kinds: [ObjectKind], _ secrets: Secrets) -> SearchCondition {
        .any(kinds.map { kind in .all(chunks.map { Self.condition($0, book, kind, secrets) }) })
    }

    private static func condition(
        _ chunk: Chunk,
        _ book: Book,
        _ kind: ObjectKind,
        _ secrets: Secrets
    ) -> SearchCondition {
        let prefix = SearchTerms.prefix(book, kind)
        let words = SearchCondition.all(
            chunk.words.map { word -> SearchCondition in
                let plain: SearchCondition =
                    word.isBeginning ? .beginning(prefix + word.text) : .term(prefix + word.text)
                guard kind == .customer else { return plain }
                return .any([plain, .term(prefix + secrets.searchWord(name: word.text, book))])
            }
        )
        guard kind == .customer, let email = chunk.email else { return words }
        return .any([words, .term(prefix + secrets.searchWord(email: email, book))])
    }
}
