/// What ledger entries can be about.
public enum LedgerSubject: Sendable, Equatable {
    /// A payment, by its id.
    case payment(String)
    /// A refund, by its id.
    case refund(String)
    /// A dispute, by its id.
    case dispute(String)

    fileprivate var query: (name: String, value: String?) {
        switch self {
        case .payment(let id): ("payment", id)
        case .refund(let id): ("refund", id)
        case .dispute(let id): ("dispute", id)
        }
    }
}

/// The books.
public struct Ledger: Sendable {
    let wire: Wire

    /// What each account holds, one for each currency.
    public func balances() async throws(StornoError) -> [Balance] {
        try await wire.read(WholeList<Balance>.self, .get("balances")).data
    }

    /// What one object caused, in the order in which it was booked.
    public func entries(of subject: LedgerSubject) async throws(StornoError) -> [LedgerEntry] {
        try await wire.read(WholeList<LedgerEntry>.self, .get("ledger_entries", query: [subject.query])).data
    }
}
