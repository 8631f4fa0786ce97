import Domain
import Storage

extension Tables {
    /// Looks at every row there is.
    package func search(_ search: Search, _ secrets: Secrets) -> SearchFinding {
        let found = entries(of: search.book, secrets)
            .filter { search.condition.holds(for: $0.terms.split(separator: " ")) }
            .map(\.object)
            .filter { $0.id < min(search.after ?? .max, search.before ?? .max) && $0.id >= search.notBefore ?? 0 }
            .sorted { $0.id > $1.id }
        guard search.narrowing.isFiltered else {
            return SearchFinding(objects: Array(found.prefix(search.limit)), end: nil)
        }
        let looked = found.prefix(search.mostLookedAt)
        let taken = Array(looked.filter { takes($0, search.narrowing) }.prefix(search.limit))
        let isWhole = taken.count == search.limit || looked.count < search.mostLookedAt
        return SearchFinding(objects: taken, end: isWhole ? nil : looked.last?.id)
    }

    private func entries(of book: Book, _ secrets: Secrets) -> [SearchEntry] {
        let customers = customers.all.filter { $0.book == book && $0.deletedAt == nil }
            .map { SearchedCustomer($0, $0.person.flatMap { persons[$0] }).searchEntry(secrets) }
        return payments.all.filter { $0.book == book }.map(\.searchEntry)
            + refunds.all.filter { $0.book == book }.map(\.searchEntry)
            + disputes.all.filter { $0.book == book }.map(\.searchEntry)
            + pots.all.filter { $0.book == book && $0.deletedAt == nil }.map(\.searchEntry) + customers
    }

    private func takes(_ object: ObjectReference, _ narrowing: Search.Narrowing) -> Bool {
        switch narrowing {
        case .none: true
        case .refunds(let filter):
            refunds[object.id].map { filter.takes($0.status, $0.reasonCode, $0.amount, $0.metadata) } ?? false
        case .payments(let filter):
            payments[object.id].map { filter.takes($0.state, nil, $0.authorized, $0.metadata) } ?? false
        }
    }
}
