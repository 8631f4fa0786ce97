import Domain
import Foundation
import GRDB
import SQLiteStorage
import Storage
import TestSupport
import Testing

@Suite struct SQLiteStoreTests {
    @Test func `it does what every store owes`() async throws {
        try await withTemporaryDirectory { directory in
            try await StoreConformance.check(try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests))
        }
    }

    @Test func `every commit is synced before it returns`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            #expect(try store.synchronousMode == 2)
            #expect(try store.journalMode == "wal")
        }
    }

    @Test func `a second writer on one file is refused, a reader is not`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            let store = try SQLiteStore(path: path, secrets: .ofTests)
            #expect(throws: SQLiteOpenFailure.self) { try SQLiteStore(path: path, secrets: .ofTests) }
            #expect(try await SQLiteStore(reading: path, secrets: .ofTests).accounts().isEmpty)
            try await store.probe()
        }
    }

    @Test func `a file that is no database is refused with its name`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            try Data(repeating: 65, count: 4096).write(to: URL(fileURLWithPath: path))
            let failure = #expect(throws: SQLiteOpenFailure.self) { try SQLiteStore(path: path, secrets: .ofTests) }
            #expect(failure?.description.contains(path) == true)
        }
    }

    @Test(arguments: ["delete", "wal"])
    func `not a byte of what a newer program wrote is changed`(journal: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            _ = try SQLiteStore(path: path, secrets: .ofTests)
            let newer = try DatabaseQueue(path: path)
            try await newer.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_mode = \(journal)")
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999')")
            }
            // As it is on the disk, its log included, where there is one.
            for isKilled in journal == "wal" ? [true, false] : [false] {
                if !isKilled { try newer.close() }
                let place = directory + "/\(isKilled)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
                for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path + end) {
                    try FileManager.default.copyItem(atPath: path + end, toPath: place + "/storno.sqlite" + end)
                }
                let before = try contents(place)
                #expect(before.keys.contains("storno.sqlite-wal") == isKilled)
                let failure = #expect(throws: SQLiteOpenFailure.self) {
                    try SQLiteStore(path: place + "/storno.sqlite", secrets: .ofTests)
                }
                guard case .newerSchema = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                #expect(try contents(place) == before)
            }
        }
    }

    /// What was written into the files of a folder: the index of the log is made anew with each opening.
    private func contents(_ directory: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where !name.hasSuffix("-shm") {
            contents[name] = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))
        }
        return contents.filter { !$0.value.isEmpty }
    }

    @Test(arguments: [KeyRange.Order.oldestFirst, .newestFirst])
    func `a book's events are walked by an index, and not sorted`(order: KeyRange.Order) async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            let place = EventPlace(transaction: 0, number: 7)
            let range = EventRange(Book(1), order, after: place, types: ["refund.*", "payment.created"], limit: 10)
            let plan = try store.plan(of: range)
            #expect(plan.count == 1 && plan[0].contains("event_by_book"), "\(plan)")
        }
    }

    /// The chain may be millions of entries long, and is looked at four times a second.
    @Test func `what is to be chained is found without a walk through what is`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            let plans = try store.plansOfAudit()
            #expect(plans.count == 8)
            for plan in plans {
                #expect(plan.allSatisfy { !$0.contains("SCAN") && !$0.contains("TEMP B-TREE") }, "\(plan)")
            }
            // By its entries' order an act would be looked for through all events behind it.
            #expect(plans.flatMap(\.self).filter { $0.hasPrefix("SEARCH a USING PRIMARY KEY") }.count == 1, "\(plans)")
        }
    }

    /// Of a hundred thousand deliveries, each was held against all before it, and a proof took hours.
    @Test func `no rule looks through a whole book for each of its rows`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            let plans = try store.plansOfVerification()
            #expect(plans.count > 40)
            // What a book's rows are counted for is the book itself.
            for (check, steps) in plans where !check.hasPrefix("tally_of_") {
                let inner = steps.drop { !$0.contains("SUBQUERY") }.filter { !$0.hasSuffix("CONSTANT ROWS") }
                #expect(
                    inner.allSatisfy { step in
                        !step.hasPrefix("SCAN")
                            && !["(book=?)", "(book=? AND id<?)", "(book=? AND id>?)"].contains { step.contains($0) }
                    },
                    "\(check): \(steps)"
                )
            }
        }
    }

    @Test(arguments: [nil, 1, 3])
    func `what waits for a person is found by an index of its own`(books: Int?) async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            let plan = try store.planOfWatchedRefunds(books: books)
            #expect(plan.contains { $0.contains("refund_for_operators") }, "\(plan)")
            #expect(plan.allSatisfy { !$0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test(arguments: [
        DueWork.Kind.refundsToSend(connector: "sandbox"), .refundsToFollow(connector: "sandbox"), .refundsToApprove,
        .refundsInFlight, .payments,
    ])
    func `due work is found by its own index`(kind: DueWork.Kind) async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            let plan = try store.plan(of: kind)
            #expect(
                plan.contains { step in
                    ["_to_send", "_to_follow", "_to_approve", "_in_flight", "payment_due"]
                        .contains { step.contains($0) }
                },
                "\(plan)"
            )
            #expect(plan.allSatisfy { !$0.contains("TEMP B-TREE") }, "\(plan)")
            let own = try store.plan(of: kind, in: Book(1))
            #expect(own.contains { $0.contains("_on_clock (book=?") }, "\(own)")
            #expect(own.allSatisfy { !$0.contains("TEMP B-TREE") }, "\(own)")
        }
    }

    @Test func `what clocks ask walks no table of refunds or payments`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/storno.sqlite", secrets: .ofTests)
            for plan in try store.plansOfClocks() {
                let steps = plan.filter {
                    $0.contains(" refund") || $0.contains(" payment") || $0.contains("SEARCH r")
                        || $0.contains("SEARCH p") || $0.contains("SCAN r") || $0.contains("SCAN p")
                }
                #expect(steps.count == 2, "\(plan)")
                #expect(steps.allSatisfy { $0.contains("_on_clock (book=?") }, "\(plan)")
            }
        }
    }
}
