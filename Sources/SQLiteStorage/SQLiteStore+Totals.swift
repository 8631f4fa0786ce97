import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try await reading { db in try JournalTotal.all(in: SQLiteWalk(db: db), of: book).compactMap(AccountTotal.init) }
    }

    package func unsettledRefunds() async throws(StoreFailure) -> [RefundStatus: Int] {
        try await reading { db in try UnsettledRefunds.count(in: SQLiteWalk(db: db), watched: Self.watched) }
    }

    package func imbalances(of book: Book?) async throws(StoreFailure) -> [Imbalance] {
        try await reading { db in try Imbalance.all(in: SQLiteWalk(db: db), of: book) }
    }
}
