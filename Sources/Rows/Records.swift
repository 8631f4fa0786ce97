import Domain
import Storage

/// Records of the Storage room, under names of their own since they belong to another module's protocol.
package struct FacetRow: StoredRow {
    package static let table = "facet"
    package static let keyColumns = ["book", "dialect", "object"]
    package static let fixedColumns = ["kind"]
    package static let changingColumns = ["body", "hidden_at"]

    package let facet: Facet

    package var keyValues: [StoredValue] { [.book(facet.book), .text(facet.dialect), .id(facet.object.id)] }
    package var fixedValues: [StoredValue] { [.word(facet.object.kind)] }
    package var changingValues: [StoredValue] { [.text(facet.body), .moment(facet.hiddenAt)] }

    package init(_ facet: Facet) {
        self.facet = facet
    }

    package init(from columns: inout Columns) throws {
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

package struct AliasRow: StoredRow {
    package static let table = "alias"
    package static let keyColumns = ["book", "dialect", "kind", "text"]
    package static let fixedColumns = ["object"]
    package static let changingColumns: [String] = []

    package let alias: Alias

    package var keyValues: [StoredValue] {
        [.book(alias.book), .text(alias.spelling.dialect), .word(alias.object.kind), .text(alias.spelling.text)]
    }
    package var fixedValues: [StoredValue] { [.id(alias.object.id)] }
    package var changingValues: [StoredValue] { [] }

    package init(_ alias: Alias) {
        self.alias = alias
    }

    package init(from columns: inout Columns) throws {
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

package struct APIKeyRow: StoredRow {
    package static let table = "api_key"
    package static let keyColumns = ["hash"]
    package static let fixedColumns = [
        "name", "book", "dialect", "prefix", "last_four", "scopes", "created_at", "label",
        "expires_at", "api_version",
    ]
    package static let changingColumns = ["revoked_at"]

    package let key: APIKey

    package var keyValues: [StoredValue] { [.digest(key.hash)] }

    package var fixedValues: [StoredValue] {
        [
            .text(key.name), .book(key.book), .text(key.dialect), .text(key.prefix), .text(key.lastFour),
            .text(key.scopes.sorted().joined(separator: " ")), .moment(key.createdAt), .text(key.label),
            .moment(key.expiresAt), .text(key.apiVersion),
        ]
    }

    package var changingValues: [StoredValue] { [.moment(key.revokedAt)] }

    package init(_ key: APIKey) {
        self.key = key
    }

    package init(from columns: inout Columns) throws {
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
            label: columns.optionalText(),
            expiresAt: columns.optionalMoment(),
            apiVersion: columns.optionalText(),
            revokedAt: columns.optionalMoment()
        )
    }
}
