import Domain

/// What is kept of an object for the search: its terms, each a word with the book and the kind in front, so that a look at
/// one book's words never meets another's.
package struct SearchEntry: Sendable, Equatable {
    package let book: Book
    package let object: ObjectReference
    /// With blanks between; none twice.
    package let terms: String

    package init(book: Book, object: ObjectReference, terms: String) {
        self.book = book
        self.object = object
        self.terms = terms
    }
}

/// The terms of one object, put together word by word.
package struct SearchTerms {
    /// Of objects that say more the first ones count: ids and references come first.
    package static let most = 256

    private let prefix: String
    private var seen: Set<String> = []
    private var terms: [String] = []

    init(_ book: Book, _ kind: ObjectKind) {
        prefix = Self.prefix(book, kind)
    }

    /// What the terms of a book's objects of that kind begin with.
    package static func prefix(_ book: Book, _ kind: ObjectKind) -> String {
        "\(String(book.number, radix: 36))_\(letter(kind))_"
    }

    private static func letter(_ kind: ObjectKind) -> String {
        switch kind {
        case .refund: "r"
        case .payment: "p"
        case .dispute: "d"
        case .customer: "c"
        case .card: "k"
        case .pot: "o"
        case .webhookEndpoint: "w"
        case .delivery: "y"
        }
    }

    mutating func add(id: UInt128?) {
        if let id { add(word: SearchWords.digits(of: id)) }
    }

    mutating func add(_ text: String?) {
        guard let text, terms.count < Self.most else { return }
        for word in SearchWords.words(in: text) { add(word: word) }
    }

    mutating func add(_ metadata: Metadata) {
        for (_, text) in metadata.sorted(by: { $0.key < $1.key }) { add(text) }
    }

    mutating func add(word: String) {
        guard terms.count < Self.most, seen.insert(word).inserted else { return }
        terms.append(prefix + word)
    }

    var text: String { terms.joined(separator: " ") }
}
