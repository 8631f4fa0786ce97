import DialectKit
import Domain
import Engine
import Storage

/// A list as Cari shows it, newest first: read by key, a chunk at a time.
struct WireList: Sendable {
    enum Kind: Sendable {
        case charges
        /// Of one charge, or of all.
        case refunds(of: Payment.ID?)
    }

    private let kind: Kind
    private let book: Book
    private let engine: Engine
    private let dialect: String

    init(_ kind: Kind, in book: Book, engine: Engine, dialect: String) {
        self.kind = kind
        self.book = book
        self.engine = engine
        self.dialect = dialect
    }

    /// The member of an envelope that holds the objects.
    var name: String {
        switch kind {
        case .charges: "charges"
        case .refunds: "refunds"
        }
    }

    var listing: Listing {
        switch kind {
        case .charges: .payments(book, orderReference: nil, uniqueReference: nil, hiddenIn: dialect)
        case .refunds(let payment): .refunds(book, payment: payment, customer: nil, pot: nil, hiddenIn: dialect)
        }
    }

    /// How many there are in all.
    func total() async throws(EngineFailure) -> Int64 {
        switch kind {
        case .charges: try await engine.count(.payments, in: book, dialect: dialect)
        case .refunds(nil): try await engine.count(.refunds, in: book, dialect: dialect)
        case .refunds: try await walkedTotal()
        }
    }

    func page(start: Int, limit: Int) async throws(EngineFailure) -> [JSONValue] {
        try await objects(engine.page(of: listing, .newestFirst, start: start, limit: limit).keys)
    }

    func keys(after key: UInt128?, limit: Int) async throws(EngineFailure) -> [UInt128] {
        let range = KeyRange(.newestFirst, after: key, limit: limit)
        return try await read { store throws(StoreFailure) in try await store.keys(of: listing, in: range) }
    }

    /// Without what was deleted since its key was read.
    func objects(_ keys: [UInt128]) async throws(EngineFailure) -> [JSONValue] {
        try await read { store throws(StoreFailure) in
            switch kind {
            case .charges:
                try await store.payments(keys.map { Payment.ID($0) }, in: book, dialect: dialect)
                    .filter { $0.facet?.hiddenAt == nil }
                    .map { .charge($0) }
            case .refunds:
                try await store.refunds(keys.map { Refund.ID($0) }, in: book, dialect: dialect)
                    .filter { !$0.isHidden }
                    .map { .refund($0) }
            }
        }
    }

    /// By walking the keys, of which one payment has few.
    private func walkedTotal() async throws(EngineFailure) -> Int64 {
        let stride = 1000
        var total = 0
        var walked = try await keys(after: nil, limit: stride)
        while let last = walked.last {
            total += walked.count
            walked = walked.count == stride ? try await keys(after: last, limit: stride) : []
        }
        return Int64(total)
    }

    private func read<Value>(
        _ body: (any Store) async throws(StoreFailure) -> Value
    ) async throws(EngineFailure) -> Value {
        do { return try await body(engine.store) } catch { throw .storageUnavailable }
    }
}
