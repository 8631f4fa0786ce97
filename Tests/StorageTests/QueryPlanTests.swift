import DialectKit
import Domain
import Engine
import Fuzzing
import NIOConcurrencyHelpers
import Rows
import SQLiteStorage
import Server
import Storage
import TestSupport
import Testing

/// What a request or a worker asks costs what it shows, not what there is: on a database without statistics, as ours are,
/// and with those that somebody's ANALYZE left.
@Suite struct QueryPlanTests {
    @Test func `nothing that a request or a worker runs walks a table or sorts one`() async throws {
        try await withTemporaryDirectory { directory in
            let statements = Statements()
            try await runEverything(in: directory, statements)
            let texts = statements.texts
            #expect(texts.count > 150, "only \(texts.count) statements were seen")
            var excused = Set<String>()
            for statistics in PlannedDatabase.Statistics.allCases {
                let database = try PlannedDatabase(of: directory + "/requests.sqlite", with: statistics)
                for sql in texts {
                    let plan = try database.plan(of: sql)
                    for fault in plan.faults {
                        if let excuse = Excuse.of(sql) {
                            excused.insert(excuse.text)
                        } else {
                            Issue.record("\(statistics): \(fault)\n\(sql)\n\(plan.steps.joined(separator: "\n"))")
                        }
                    }
                }
            }
            #expect(excused == Set(Excuse.all.map(\.text)), "an excuse that nothing needs")
        }
    }

    /// The suite that every store passes, all requests of the fuzzers' corpora, and the workers behind them.
    private func runEverything(in directory: String, _ statements: Statements) async throws {
        let suite = try SQLiteStore(path: directory + "/suite.sqlite", watcher: statements.add, secrets: .ofTests)
        try await statements.listening { try await StoreConformance.check(suite) }
        let store = try SQLiteStore(path: directory + "/requests.sqlite", watcher: statements.add, secrets: .ofTests)
        try await statements.listening {
            try await TestServer.run(with: store) { server in
                try await Demo.prepare(server.engine)
                let door = FrontDoor(engine: server.engine, readiness: Readiness())
                for dialect in Catalog.dialects.map(\.name) {
                    for (_, bytes) in try Corpus.inputs(of: dialect) {
                        guard let request = RequestText(bytes).map(Speaker(dialect).saying) else { continue }
                        _ = try await door.answer(request)
                    }
                }
                try await server.advance(by: .seconds(90))
            }
        }
    }

    @Test(arguments: Walk.all)
    func `a list is walked by its own index`(walk: Walk) async throws {
        try await withTemporaryDirectory { directory in
            _ = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            for statistics in PlannedDatabase.Statistics.allCases {
                let database = try PlannedDatabase(of: directory + "/storno.sqlite", with: statistics)
                for order in [KeyRange.Order.oldestFirst, .newestFirst] {
                    let range = KeyRange(order, after: 5, notBefore: 1, limit: 10, mostLookedAt: 1000)
                    let query = ListingQuery(walk.listing, range, SQLiteStore.listings)
                    let plan = try database.plan(of: query.sql)
                    #expect(plan.faults.isEmpty, "\(statistics): \(plan.steps)")
                    let first = plan.steps.first { $0.hasPrefix("SEARCH") }?.replacing("COVERING ", with: "") ?? ""
                    #expect(first.contains("USING \(walk.index) (\(walk.columns)"), "\(statistics): \(plan.steps)")
                }
            }
        }
    }
}

/// A list, and what it has to be walked by: the index, with the columns that it is entered by.
struct Walk: Sendable, CustomTestStringConvertible {
    let listing: Listing
    let index: String
    let columns: String

    var testDescription: String { index + " " + columns }

    init(_ listing: Listing, by index: String, _ columns: String = "book=? AND id") {
        self.listing = listing
        self.index = index
        self.columns = columns
    }

    static let all = [
        refunds(by: "PRIMARY KEY"),
        refunds(payment: 1, by: "INDEX refund_by_payment", "book=? AND payment=? AND id"),
        refunds(customer: 1, by: "INDEX refund_by_customer", "book=? AND customer=? AND id"),
        refunds(pot: 1, by: "INDEX refund_by_pot", "book=? AND pot=? AND id"),
        payments(by: "PRIMARY KEY"),
        payments(order: "o", by: "INDEX payment_by_order_reference", "book=? AND order_reference=? AND id"),
        payments(unique: "u", by: "INDEX payment_by_unique_reference", "book=? AND unique_reference=?"),
        payments(customer: 1, by: "INDEX payment_by_customer", "book=? AND customer=? AND id"),
        payments(pot: 1, by: "INDEX payment_by_pot", "book=? AND pot=? AND id"),
        Walk(.customers(Book(1)), by: "PRIMARY KEY"), Walk(.cards(Book(1)), by: "PRIMARY KEY"),
        Walk(.pots(Book(1)), by: "PRIMARY KEY"), Walk(.disputes(Book(1), payment: nil), by: "PRIMARY KEY"),
        Walk(
            .disputes(Book(1), payment: Identifier(1)),
            by: "INDEX dispute_by_payment",
            "book=? AND payment=? AND id"
        ),
        Walk(.webhookEndpoints(Book(1)), by: "PRIMARY KEY"),
        Walk(
            .deliveries(Book(1), Identifier(1), in: [.delivered]),
            by: "INDEX delivery_by_endpoint",
            "book=? AND endpoint=? AND id"
        ),
    ]

    private static func refunds(
        payment: UInt128? = nil,
        customer: UInt128? = nil,
        pot: UInt128? = nil,
        by index: String,
        _ columns: String = "book=? AND id"
    ) -> Walk {
        var filter = Filter<RefundStatus>()
        filter.states = [.queued, .failed]
        filter.reason = "r"
        filter.amount = 1...2
        filter.metadata = ["a": "b"]
        let listing = Listing.refunds(
            Book(1),
            payment: payment.map { Identifier($0) },
            customer: customer.map { Identifier($0) },
            pot: pot.map { Identifier($0) },
            hiddenIn: "storno",
            matching: filter
        )
        return Walk(listing, by: index, columns)
    }

    private static func payments(
        order: String? = nil,
        unique: String? = nil,
        customer: UInt128? = nil,
        pot: UInt128? = nil,
        by index: String,
        _ columns: String = "book=? AND id"
    ) -> Walk {
        var filter = Filter<PaymentState>()
        filter.states = [.captured]
        let listing = Listing.payments(
            Book(1),
            orderReference: order,
            uniqueReference: unique,
            includingUnbegun: false,
            customer: customer.map { Identifier($0) },
            pot: pot.map { Identifier($0) },
            hiddenIn: "storno",
            matching: filter
        )
        return Walk(listing, by: index, columns)
    }
}

/// A statement that walks more than it shows, and why it may.
private struct Excuse {
    /// A part of the statement that no other has.
    let text: String
    let reason: String

    static let all = [
        Excuse(text: "FROM event WHERE book NOT IN", reason: "once at a start, past what books on a clock have"),
        Excuse(text: "debit, credit, amount FROM entry", reason: "adds the journal up, which is a figure of all of it"),
        Excuse(text: "FROM webhook_endpoint e JOIN", reason: "people make endpoints one by one"),
        Excuse(text: "INDEXED BY payment_by_unique_reference", reason: "sorts the one payment that it finds"),
        Excuse(text: "INDEXED BY customer_by_email", reason: "sorts the few customers who have one address"),
        Excuse(text: "SET on_clock = ?", reason: "a person takes a test book's time, all of it"),
    ]

    static func of(_ sql: String) -> Excuse? { all.first { sql.contains($0.text) } }
}

/// The statements that a store runs, each once.
private final class Statements: Sendable {
    private let content = NIOLockedValueBox((isListening: false, texts: Set<String>()))

    var texts: [String] { content.withLockedValue { $0.texts.sorted() } }

    /// Opening a file runs migrations, which are not asked about: only what runs meanwhile is kept.
    func listening(_ body: () async throws -> Void) async throws {
        content.withLockedValue { $0.isListening = true }
        defer { content.withLockedValue { $0.isListening = false } }
        try await body()
    }

    @Sendable func add(_ sql: String) {
        // Those of the index of the search itself are SQLite's.
        guard !sql.contains("'search_index_"), !sql.contains("sqlite_master") else { return }
        let begins = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { sql.hasPrefix($0) }
        if begins { content.withLockedValue { if $0.isListening { $0.texts.insert(sql) } } }
    }
}
