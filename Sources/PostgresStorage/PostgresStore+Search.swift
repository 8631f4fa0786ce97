#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    private static let index = SearchStatement.Index(
        tables: "search_entry e",
        condition: "array_to_tsvector(string_to_array(e.terms, ' ')) @@ ?::text::tsquery",
        place: "e.object",
        isBehind: nil,
        metadata: metadataText,
        text: { condition in
            // Terms hold no quotes.
            condition.text(and: "&", or: "|") { term, isBeginning in isBeginning ? "'\(term)':*" : "'\(term)'" }
        }
    )

    package func search(_ search: Search) async throws(StoreFailure) -> SearchFinding {
        let (query, end) = (SearchStatement(search, Self.index), SearchStatement(endOf: search, Self.index))
        return try await reading { connection in
            let found = try Self.references(query, connection)
            guard found.count < search.limit, search.narrowing.isFiltered else {
                return SearchFinding(objects: found, end: nil)
            }
            return SearchFinding(objects: found, end: try Self.references(end, connection).first?.id)
        }
    }

    private static func references(
        _ query: SearchStatement,
        _ connection: PostgresConnection
    ) throws -> [ObjectReference] {
        try connection.execute(Statement(marked: query.sql, query.arguments))
            .map(of: SearchEntry.table) { columns in
                let kind: ObjectKind = try columns.word()
                return ObjectReference(kind, try columns.raw())
            }
    }
}
#endif
