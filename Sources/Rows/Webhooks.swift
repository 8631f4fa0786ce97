import Domain
import Foundation
import Storage

/// An endpoint; its address and its secrets as one sealed value.
package struct WebhookEndpointRow: StoredRow {
    package static let table = "webhook_endpoint"
    package static let keyColumns = ["book", "id"]
    package static let fixedColumns = ["created_at", "api_version"]
    package static let changingColumns = [
        "updated_at", "sealed", "types", "status", "disabled_reason", "previous_expires_at", "held_until", "throttles",
        "deleted_at", "version", "sequence",
    ]

    private let endpoint: WebhookEndpoint
    package let sealed: Data

    package var keyValues: [StoredValue] { [.book(endpoint.book), .id(endpoint.id)] }
    package var fixedValues: [StoredValue] { [.moment(endpoint.createdAt), .text(endpoint.apiVersion)] }

    package var changingValues: [StoredValue] {
        [
            .moment(endpoint.updatedAt), .bytes(sealed), .text(endpoint.types.joined(separator: " ")),
            .word(endpoint.status), .word(endpoint.disabledReason), .moment(endpoint.previousExpiresAt),
            .moment(endpoint.heldUntil), .integer(endpoint.throttles), .moment(endpoint.deletedAt),
            .integer(endpoint.version), .integer(endpoint.sequence),
        ]
    }

    package init(_ endpoint: WebhookEndpoint, _ sealer: Sealer) {
        self.endpoint = endpoint
        sealed = sealer.seal(endpoint.target.stored, at: Self.place(endpoint.book, endpoint.id))
    }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id: WebhookEndpoint.ID = try columns.id()
        let createdAt = try columns.moment()
        let apiVersion = try columns.text()
        let updatedAt = try columns.moment()
        sealed = try columns.data()
        var endpoint = WebhookEndpoint(
            id: id,
            book: book,
            createdAt: createdAt,
            target: WebhookTarget(url: "", label: nil, key: WebhookKey(secret: [], seed: [])),
            types: try columns.text().split(separator: " ").map(String.init),
            apiVersion: apiVersion
        )
        endpoint.updatedAt = updatedAt
        endpoint.status = try columns.word()
        endpoint.disabledReason = try columns.optionalWord()
        endpoint.previousExpiresAt = try columns.optionalMoment()
        endpoint.heldUntil = try columns.optionalMoment()
        endpoint.throttles = try columns.integer()
        endpoint.deletedAt = try columns.optionalMoment()
        endpoint.version = try columns.integer()
        endpoint.sequence = try columns.integer()
        self.endpoint = endpoint
    }

    package func endpoint(_ sealer: Sealer) throws -> WebhookEndpoint {
        let place = Self.place(endpoint.book, endpoint.id)
        guard let target = WebhookTarget(stored: try sealer.open(sealed, at: place)) else {
            throw DamagedRow(table: Self.table, reason: "what is sealed is no address")
        }
        var endpoint = endpoint
        endpoint.target = target
        return endpoint
    }

    private static func place(_ book: Book, _ id: WebhookEndpoint.ID) -> SealedPlace {
        SealedPlace(table, book, Array(id.raw.data))
    }
}

extension WebhookTarget {
    /// JSON, bytes as base64.
    fileprivate var stored: [UInt8] {
        var texts = ["url": url, "secret": key.secret.base64, "seed": key.seed.base64]
        texts["label"] = label
        texts["previous_secret"] = previousKey?.secret.base64
        texts["previous_seed"] = previousKey?.seed.base64
        return Array((texts.stored ?? "{}").utf8)
    }

    fileprivate init?(stored json: [UInt8]) {
        guard let texts = try? JSONDecoder().decode([String: String].self, from: Data(json)), let url = texts["url"],
            let key = WebhookKey(texts["secret"], texts["seed"])
        else { return nil }
        self.init(url: url, label: texts["label"], key: key)
        previousKey = WebhookKey(texts["previous_secret"], texts["previous_seed"])
    }
}

extension WebhookKey {
    fileprivate init?(_ secret: String?, _ seed: String?) {
        guard let secret = secret.flatMap({ Data(base64Encoded: $0) }),
            let seed = seed.flatMap({ Data(base64Encoded: $0) })
        else { return nil }
        self.init(secret: Array(secret), seed: Array(seed))
    }
}

extension [UInt8] {
    fileprivate var base64: String { Data(self).base64EncodedString() }
}

extension WebhookMark: StoredRow {
    package static let table = "webhook_mark"
    package static let keyColumns = ["book", "endpoint"]
    package static let fixedColumns: [String] = []
    package static let changingColumns = ["place_transaction", "place_number"]

    package var keyValues: [StoredValue] { [.book(book), .id(endpoint)] }
    package var fixedValues: [StoredValue] { [] }
    package var changingValues: [StoredValue] { [.integer(transaction), .integer(number)] }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let endpoint: WebhookEndpoint.ID = try columns.id()
        try self.init(
            book: book,
            endpoint: endpoint,
            transaction: columns.integer(),
            number: columns.integer()
        )
    }
}
