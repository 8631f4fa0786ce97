#if PostgreSQL
import Crypto
import Domain
import Storage

/// Numbers of advisory locks. Two keys that share one only wait for each other.
enum AdvisoryLock {
    static let accounts = number("accounts", "")

    static func migration(of schema: String) -> Int64 { number("migration", schema) }

    /// Shared by all that happens in a test-mode book; had alone by whoever changes its clock.
    static func clock(of book: Book) -> Int64 { number("clock", String(book.number)) }

    static func audit(of book: Book) -> Int64 { number("audit \(book.number)", "") }

    static func number(of key: IdempotencyKey) -> Int64 { number("idempotency \(key.book.number)", key.text) }

    static func number(of key: NaturalKey) -> Int64 {
        switch key {
        case .cardFingerprint(let book, let digest): number("card \(book.number)", digest)
        case .customerIdentity(let book, let digest): number("identity \(book.number)", digest)
        case .customerEmail(let book, let digest): number("email \(book.number)", digest)
        case .uniqueReference(let book, let text): number("unique \(book.number)", text)
        case .processorReference(let book, let connector, let account, let text):
            number("processor \(book.number) \(connector.utf8.count) \(account.utf8.count)", connector + account + text)
        }
    }

    /// Whoever changes a lane's deliveries, or adds one, has it alone.
    static func number(of lane: Lane) -> Int64 {
        number("lane \(lane.book.number) \(lane.endpoint.raw)", String(lane.object, radix: 16))
    }

    /// Whoever adds an endpoint to a book.
    static func number(ofEndpointsOf book: Book) -> Int64 { number("endpoints", String(book.number)) }

    private static func number(_ kind: String, _ text: String) -> Int64 { number(kind, Array(text.utf8)) }

    private static func number(_ kind: String, _ digest: Digest256) -> Int64 { number(kind, Array(digest.bytes)) }

    private static func number(_ kind: String, _ bytes: [UInt8]) -> Int64 {
        var hash = SHA256()
        hash.update(data: Array("storno \(kind) ".utf8))
        hash.update(data: bytes)
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
#endif
