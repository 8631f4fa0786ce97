import Domain
import GRDB
import Storage

/// Records of the Storage room, under names of their own since they belong to another module's protocol.
struct FacetRow: StoredRow {
    static let table = "facet"
    static let keyColumns = ["book", "dialect", "object"]
    static let fixedColumns = ["kind"]
    static let changingColumns = ["body", "hidden_at"]

    let facet: Facet

    var keyValues: [(any DatabaseValueConvertible)?] { [facet.book.number, facet.dialect, facet.object.id.data] }
    var fixedValues: [(any DatabaseValueConvertible)?] { [facet.object.kind.rawValue] }
    var changingValues: [(any DatabaseValueConvertible)?] { [facet.body, facet.hiddenAt?.milliseconds] }

    init(_ facet: Facet) {
        self.facet = facet
    }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let dialect = try columns.text()
        let object = try columns.raw()
        facet = try Facet(
            book: book,
            dialect: dialect,
            object: ObjectReference(columns.word(), object),
            body: columns.text(),
            hiddenAt: columns.optionalMoment()
        )
    }
}

struct AliasRow: StoredRow {
    static let table = "alias"
    static let keyColumns = ["book", "dialect", "kind", "text"]
    static let fixedColumns = ["object"]
    static let changingColumns: [String] = []

    let alias: Alias

    var keyValues: [(any DatabaseValueConvertible)?] {
        [alias.book.number, alias.spelling.dialect, alias.object.kind.rawValue, alias.spelling.text]
    }
    var fixedValues: [(any DatabaseValueConvertible)?] { [alias.object.id.data] }
    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(_ alias: Alias) {
        self.alias = alias
    }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let dialect = try columns.text()
        let kind: ObjectKind = try columns.word()
        let text = try columns.text()
        alias = try Alias(
            book: book,
            spelling: Spelling(dialect: dialect, text: text),
            object: ObjectReference(kind, columns.raw())
        )
    }
}

struct APIKeyRow: StoredRow {
    static let table = "api_key"
    static let keyColumns = ["hash"]
    static let fixedColumns = ["name", "book", "dialect", "prefix", "last_four", "scopes", "created_at"]
    static let changingColumns = ["revoked_at"]

    let key: APIKey

    var keyValues: [(any DatabaseValueConvertible)?] { [key.hash.data] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            key.name, key.book.number, key.dialect, key.prefix, key.lastFour,
            key.scopes.sorted().joined(separator: " "), key.createdAt.milliseconds,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] { [key.revokedAt?.milliseconds] }

    init(_ key: APIKey) {
        self.key = key
    }

    init(from columns: inout Columns) throws {
        let hash = try columns.digest()
        let name = try columns.text()
        let book = try columns.book()
        key = try APIKey(
            hash: hash,
            name: name,
            book: book,
            dialect: columns.text(),
            prefix: columns.text(),
            lastFour: columns.text(),
            scopes: Set(columns.text().split(separator: " ").map(String.init)),
            createdAt: columns.moment(),
            revokedAt: columns.optionalMoment()
        )
    }
}
