import Domain

/// What a transaction changes of what the search knows: part of the transaction itself.
package struct SearchChanges: Sendable {
    package private(set) var inserted: [SearchEntry] = []
    /// Of objects that are there already.
    package private(set) var replaced: [SearchEntry] = []
    /// Of those who are gone.
    package private(set) var removed: [SearchedKey] = []

    package struct SearchedKey: Sendable, Hashable {
        package let book: Book
        package let object: UInt128
    }

    package init(_ set: WorkingSet, _ secrets: Secrets) {
        add(set.payments)
        add(set.refunds)
        add(set.disputes)
        add(set.pots) { $0.deletedAt != nil }
        add(set.customers, set.persons, secrets)
        // In the order in which they were made, of whatever kind: a search walks the entries backwards.
        inserted.sort { ($0.object.id, $0.book) < ($1.object.id, $1.book) }
    }

    package var isEmpty: Bool { inserted.isEmpty && replaced.isEmpty && removed.isEmpty }

    private mutating func add<Key, Row: SearchedRow>(
        _ rows: RowSet<Key, Row>,
        isGone: (Row) -> Bool = { _ in false }
    ) {
        inserted += rows.insertedRows.filter { !isGone($0) }.map(\.searchEntry)
        for (before, after) in rows.changes {
            if isGone(after) {
                removed.append(SearchedKey(book: after.book, object: after.searchReference.id))
            } else if after.isFoundOtherwise(than: before) {
                replaced.append(after.searchEntry)
            }
        }
    }

    private mutating func add(
        _ customers: RowSet<Customer.ID, Customer>,
        _ persons: RowSet<Person.ID, Person>,
        _ secrets: Secrets
    ) {
        func entry(_ customer: Customer) -> SearchEntry {
            SearchedCustomer(customer, customer.person.flatMap { persons[$0] }).searchEntry(secrets)
        }
        inserted += customers.insertedRows.filter { $0.deletedAt == nil }.map(entry)
        for (before, after) in customers.changes {
            if after.deletedAt != nil {
                removed.append(SearchedKey(book: after.book, object: after.id.raw))
            } else if after.isFoundOtherwise(than: before) {
                replaced.append(entry(after))
            }
        }
    }
}
