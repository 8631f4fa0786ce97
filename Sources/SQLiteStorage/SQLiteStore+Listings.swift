import Domain
import Foundation
import GRDB
import Storage

extension SQLiteStore {
    package func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        try await reading { db in
            let query = ListingQuery(listing, range)
            let statement = try db.cachedStatement(sql: query.sql)
            return try db.ids(statement, query.arguments)
        }
    }
}

/// A list's walk as one statement over one index, its keys in order.
struct ListingQuery {
    private(set) var sql: String
    private(set) var arguments: [(any DatabaseValueConvertible)?]

    init(_ listing: Listing, _ range: KeyRange) {
        let table: String
        arguments = [listing.book.number]
        var conditions = ["book = ?"]
        switch listing {
        case .refunds(_, let payment, let customer, let pot, let dialect):
            table = "refund"
            if let payment {
                conditions.append("payment = ?")
                arguments.append(payment.data)
            }
            if let customer {
                conditions.append("customer = ?")
                arguments.append(customer.data)
            }
            if let pot {
                conditions.append("pot = ?")
                arguments.append(pot.data)
            }
            conditions.append(Self.isShown(table))
            arguments.append(dialect)
        case .payments(_, let orderReference, let uniqueReference, let includingUnbegun, let dialect):
            table = "payment"
            // SQLite would take a text up to a NUL for the whole: such a reference finds nothing.
            for text in [orderReference, uniqueReference] where text?.utf8.contains(0) == true {
                conditions.append("0")
            }
            if let orderReference {
                conditions.append("order_reference = ?")
                arguments.append(orderReference)
            }
            if let uniqueReference {
                conditions.append("unique_reference = ?")
                arguments.append(uniqueReference)
            }
            if !includingUnbegun {
                conditions.append("state <> ?")
                arguments.append(PaymentState.created.rawValue)
            }
            conditions.append(Self.isShown(table))
            arguments.append(dialect)
        case .customers:
            table = "customer"
            conditions.append("deleted_at IS NULL")
        case .cards:
            table = "card"
            conditions.append("deleted_at IS NULL")
        case .pots:
            table = "pot"
            conditions.append("deleted_at IS NULL")
        case .disputes(_, let payment):
            table = "dispute"
            if let payment {
                conditions.append("payment = ?")
                arguments.append(payment.data)
            }
        }
        let isDescending = range.order == .newestFirst
        if let after = range.after {
            conditions.append(isDescending ? "id < ?" : "id > ?")
            arguments.append(after.data)
        }
        if let through = range.through {
            conditions.append(isDescending ? "id >= ?" : "id <= ?")
            arguments.append(through.data)
        }
        if let notBefore = range.notBefore {
            conditions.append("id >= ?")
            arguments.append(notBefore.data)
        }
        arguments.append(range.limit)
        sql = """
            SELECT id FROM \(table) WHERE \(conditions.joined(separator: " AND ")) \
            ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?
            """
    }

    private static func isShown(_ table: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM facet WHERE facet.book = \(table).book AND facet.dialect = ? \
        AND facet.object = \(table).id AND facet.hidden_at IS NOT NULL)
        """
    }
}
