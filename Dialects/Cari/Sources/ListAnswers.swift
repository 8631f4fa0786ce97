import DialectKit
import Engine
import HTTPTypes
import Storage

/// The page that a query asks for.
struct PageWish: Sendable {
    let page: Int
    let itemsPerPage: Int

    /// - Returns: `nil` for a query that does not speak of pages.
    init?(_ query: Query) throws(Refusal) {
        let page = try query.integer("page", 1...999_999_999)
        let itemsPerPage = try query.integer("items_per_page", 1...100)
        guard page != nil || itemsPerPage != nil else { return nil }
        self.page = page ?? 1
        self.itemsPerPage = itemsPerPage ?? 20
    }
}

extension WireList {
    /// One page with the totals around it. A page behind the last one is empty.
    func envelope(_ wish: PageWish) async throws(EngineFailure) -> JSONValue {
        let total = try await total()
        let start = (wish.page - 1) * wish.itemsPerPage
        let objects = Int64(start) < total ? try await page(start: start, limit: wish.itemsPerPage) : []
        let size = Int64(wish.itemsPerPage)
        return .members(
            (name, .array(objects)),
            ("total_items", .integer(total)),
            ("total_pages", .integer((total + size - 1) / size)),
            ("page", .integer(Int64(wish.page))),
            ("items_per_page", .integer(size))
        )
    }

    /// Everything as a bare array. The first chunk is read before anything is answered, so that storage that is
    /// away is said so with a status; when it goes away later, the array breaks off without its bracket.
    func stream(chunk: Int) async throws(EngineFailure) -> WireResponse {
        let firstKeys = try await keys(after: nil, limit: chunk)
        let firstObjects = try await objects(firstKeys)
        return WireResponse(
            status: .ok,
            fields: [.contentType: "application/json"],
            body: .pieces { writer in
                var (keys, objects) = (firstKeys, firstObjects)
                var array = ArrayPieces()
                while let last = keys.last {
                    try await writer.write(array.piece(objects))
                    guard keys.count == chunk else { break }
                    keys = try await self.keys(after: last, limit: chunk)
                    objects = try await self.objects(keys)
                }
                try await writer.write(array.end)
            }
        )
    }
}

/// A JSON array in the making.
private struct ArrayPieces {
    private var isOpen = false

    mutating func piece(_ values: [JSONValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values {
            bytes.append(isOpen ? UInt8(ascii: ",") : UInt8(ascii: "["))
            bytes += JSONWriter.bytes(value)
            isOpen = true
        }
        return bytes
    }

    var end: [UInt8] { Array((isOpen ? "]" : "[]").utf8) }
}
