import Domain
import Foundation
import GRDB
import Rows
import Storage

extension SQLiteStore {
    /// The text that one name has in a row's metadata.
    static let metadataText = "(SELECT value FROM json_each(metadata) WHERE key = ?)"

    /// Left to itself, SQLite walks a whole book once both ends of a range of ids are given.
    package static let listings = ListingQuery.Style(metadata: metadataText) { "INDEXED BY \($0)" }

    package func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        try await reading { db in
            let query = ListingQuery(listing, range, Self.listings)
            let statement = try db.cachedStatement(sql: query.sql)
            return try db.ids(statement, query.arguments)
        }
    }

    package func key(_ most: Int, of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> UInt128? {
        try await reading { db in
            let query = ListingQuery(endOf: listing, range, after: most, Self.listings)
            return try db.oneID(query.sql, query.arguments)
        }
    }
}
