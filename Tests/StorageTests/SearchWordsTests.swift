import Domain
import Storage
import TestSupport
import Testing

/// How texts are taken apart: by us, so that every database finds the same.
@Suite struct SearchWordsTests {
    @Test(arguments: [
        ("Order-77/Blue", ["order", "77", "blue"]),
        ("customer_requested", ["customer_requested"]),
        ("  a  b,c\t\n", ["a", "b", "c"]),
        ("", []),
        ("-- \"' --", []),
        ("a\u{0}b", ["a", "b"]),
        ("Été", ["ete"]),
        ("E\u{301}te\u{301}", ["ete"]),
        ("ﬁn ＡＢＣ", ["fin", "abc"]),
        ("İstanbul", ["istanbul"]),
        ("日本語 テスト", ["日本語", "テスト"]),
        ("a\u{1F4A9}b", ["a", "b"]),
        ("٣٤", ["٣٤"]),
    ])
    func `a text is its words`(text: String, words: [String]) {
        #expect(SearchWords.words(in: text) == words)
    }

    @Test func `ASCII and everything else are taken apart alike`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...40, using: &random))
                .map { _ in UInt8.random(in: 1...127, using: &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(SearchWords.words(in: text + " é").dropLast() == SearchWords.words(in: text)[...])
        }
    }

    @Test func `words have an end, and so have objects`() throws {
        let long = String(repeating: "a", count: 1000)
        #expect(SearchWords.words(in: long) == [String(repeating: "a", count: SearchWords.longest)])
        let pot = Pot(
            id: Identifier(1),
            book: Book(7),
            createdAt: Moment(seconds: 0),
            name: (0..<1000).map { "w\($0)" }.joined(separator: " "),
            currency: try #require(Currency(code: "EUR")),
            owner: nil,
            metadata: [:]
        )
        let terms = pot.searchEntry.terms.split(separator: " ")
        #expect(terms.count == SearchTerms.most)
        #expect(terms.first == "7_o_0000000000000000000000001")
        #expect(terms.last == "7_o_w254")
    }

    @Test func `a query is as long as it may be`() {
        #expect(throws: SearchQuery.Fault.empty) { try SearchQuery(" -- ", idPrefixes: []) }
        let many = Array(repeating: "a", count: 17).joined(separator: " ")
        #expect(throws: SearchQuery.Fault.tooManyWords) { try SearchQuery(many, idPrefixes: []) }
        #expect(throws: SearchQuery.Fault.tooManyWords) {
            try SearchQuery(Array(repeating: "a", count: 17).joined(separator: "-"), idPrefixes: [])
        }
    }

    @Test func `no term of a condition is anything but a word, whatever is typed`() throws {
        var random = SeededRandom(seed: 9)
        for _ in 0..<2000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let limit: UInt32 = Bool.random(using: &random) ? 0x7F : 0x1FFFF
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) { scalars.append(scalar) }
            }
            guard let query = try? SearchQuery(String(scalars), idPrefixes: ["ref_"]) else { continue }
            let condition = query.condition(Book(3), [.refund, .customer], .ofTests)
            _ = condition.text(and: "AND", or: "OR") { term, _ in
                let isSafe = term.unicodeScalars.allSatisfy { scalar in
                    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || scalar.value > 0x7F
                }
                #expect(isSafe && term.hasPrefix("3_"), "\(term)")
                return term
            }
        }
    }

    @Test func `what is personal is in no entry`() {
        let details = PersonDetails(name: "Zoe Quux", email: "zoe@example.com")
        let person = Person(id: Identifier(2), book: Book(1), details: details)
        let customer = Customer(
            id: Identifier(1),
            book: Book(1),
            createdAt: Moment(seconds: 0),
            person: person.id,
            externalReference: nil,
            metadata: [:],
            identity: nil,
            emailDigest: nil
        )
        let terms = SearchedCustomer(customer, person).searchEntry(.ofTests).terms
        for text in ["zoe", "quux", "example"] { #expect(!terms.contains(text)) }
        // The same person in another book is somebody else.
        let elsewhere = Person(id: Identifier(2), book: Book(2), details: details)
        let other = Customer(
            id: Identifier(1),
            book: Book(2),
            createdAt: Moment(seconds: 0),
            person: person.id,
            externalReference: nil,
            metadata: [:],
            identity: nil,
            emailDigest: nil
        )
        let words = { (terms: String) in Set(terms.split(separator: " ").map { $0.dropFirst("1_c_".count) }) }
        let shared = words(terms).intersection(words(SearchedCustomer(other, elsewhere).searchEntry(.ofTests).terms))
        #expect(shared.count == 1, "only the id is the same")
    }
}
