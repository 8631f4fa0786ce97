import DialectKit

extension FuzzTarget {
    /// The target of a request: path and query.
    static let query = FuzzTarget("query") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        try check(RequestPath(parts[0]), parts[0])
        let query = Query(parts.count > 1 ? parts[1] : "")
        for name in ["page", "limit", "start", "created", "charge", "order_id", ""] { try check(query, name) }
        let encoded = bytes.map { byte in "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let isText = String(validating: bytes, as: UTF8.self) != nil
        let expected = isText ? bytes : Array(encoded.utf8)
        try hold(percentDecoded(encoded).utf8.elementsEqual(expected), "percent-encoding is not undone")
    }

    private static func check(_ path: RequestPath, _ text: Substring) throws {
        let slashes = text.utf8.count { $0 == UInt8(ascii: "/") }
        try hold((slashes - 1...slashes + 1).contains(path.segments.count), "\(path.segments) of \(slashes) slashes")
        guard !path.segments.isEmpty else { return }
        try hold(path.droppingFirst().segments == Array(path.segments.dropFirst()), "another segment than the first")
    }

    private static func check(_ query: Query, _ name: String) throws(Disproof) {
        let text = try taken(name) { () throws(Refusal) in try query.text(name) }
        try hold(query.has(name) || text == nil, "\(name) has a text and is not there")
        guard let number = try taken(name, { () throws(Refusal) in try query.integer(name, 1...100) }) else { return }
        try hold(text == String(number), "\(text ?? "") is taken for \(number)")
        try hold((1...100).contains(number), "\(number) is out of range")
    }
}
