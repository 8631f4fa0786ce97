import Domain

/// A row that can be searched for.
package protocol SearchedRow: Sendable {
    var book: Book { get }
    var searchReference: ObjectReference { get }

    /// Whether the search would find this row by other words than the other state of it.
    func isFoundOtherwise(than other: Self) -> Bool

    func addWords(to terms: inout SearchTerms)
}

extension SearchedRow {
    package var searchEntry: SearchEntry {
        var terms = SearchTerms(book, searchReference.kind)
        addWords(to: &terms)
        return SearchEntry(book: book, object: searchReference, terms: terms.text)
    }
}

extension Refund: SearchedRow {
    package var searchReference: ObjectReference { ObjectReference(.refund, id.raw) }

    package func isFoundOtherwise(than other: Refund) -> Bool {
        processorReference != other.processorReference || bankReference != other.bankReference
            || metadata != other.metadata
    }

    package func addWords(to terms: inout SearchTerms) {
        terms.add(id: id.raw)
        terms.add(id: payment.raw)
        terms.add(id: retryOf?.raw)
        terms.add(processorReference)
        terms.add(bankReference)
        terms.add(requestID)
        terms.add(reasonCode)
        terms.add(metadata)
    }
}

extension Payment: SearchedRow {
    package var searchReference: ObjectReference { ObjectReference(.payment, id.raw) }

    package func isFoundOtherwise(than other: Payment) -> Bool {
        uniqueReference != other.uniqueReference || orderReference != other.orderReference
            || processorReference != other.processorReference || metadata != other.metadata
    }

    package func addWords(to terms: inout SearchTerms) {
        terms.add(id: id.raw)
        terms.add(uniqueReference)
        terms.add(orderReference)
        terms.add(processorReference)
        terms.add(metadata)
    }
}

extension Dispute: SearchedRow {
    package var searchReference: ObjectReference { ObjectReference(.dispute, id.raw) }

    /// What it is found by is said once.
    package func isFoundOtherwise(than other: Dispute) -> Bool { false }

    package func addWords(to terms: inout SearchTerms) {
        terms.add(id: id.raw)
        terms.add(id: payment.raw)
        terms.add(reference)
        terms.add(response)
    }
}

extension Pot: SearchedRow {
    package var searchReference: ObjectReference { ObjectReference(.pot, id.raw) }

    package func isFoundOtherwise(than other: Pot) -> Bool { name != other.name || metadata != other.metadata }

    package func addWords(to terms: inout SearchTerms) {
        terms.add(id: id.raw)
        terms.add(name)
        terms.add(metadata)
    }
}

/// A customer with who they are.
package struct SearchedCustomer: Sendable {
    package let customer: Customer
    package let person: Person?

    package init(_ customer: Customer, _ person: Person?) {
        self.customer = customer
        self.person = person
    }

    /// Names and addresses are in it as keyed digests alone: docs/decisions/0010-search.md.
    package func searchEntry(_ secrets: Secrets) -> SearchEntry {
        var terms = SearchTerms(customer.book, .customer)
        terms.add(id: customer.id.raw)
        if let email = person?.email { terms.add(word: secrets.searchWord(email: email, customer.book)) }
        for name in SearchWords.words(in: person?.fullName ?? "") {
            terms.add(word: secrets.searchWord(name: name, customer.book))
        }
        terms.add(customer.externalReference)
        terms.add(customer.metadata)
        let reference = ObjectReference(.customer, customer.id.raw)
        return SearchEntry(book: customer.book, object: reference, terms: terms.text)
    }
}

extension Customer {
    /// Whether the search would find them by other words.
    func isFoundOtherwise(than other: Customer) -> Bool {
        person != other.person || externalReference != other.externalReference || metadata != other.metadata
    }
}

extension Secrets {
    /// What stands for an e-mail address among a book's words.
    func searchWord(email: String, _ book: Book) -> String { searchWord("email", email.lowercased(), book) }

    /// What stands for a word of a name.
    func searchWord(name word: String, _ book: Book) -> String { searchWord("name", word, book) }

    /// 80 bits: enough that no two of a book's words meet.
    private func searchWord(_ kind: String, _ text: String, _ book: Book) -> String {
        let digest = digest("search", [String(book.number), kind, text])
        return "_" + digest.bytes.prefix(10).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
