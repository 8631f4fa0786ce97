import Domain
import Engine
import Storage
import TestSupport
import Testing

@Suite struct PagesTests {
    /// Customers are the lightest rows that a list has.
    private func fill(_ test: TestEngine, _ numbers: Range<UInt128>) async throws {
        try await test.store.transact(Footprint()) { set in
            for number in numbers {
                let customer = Customer(
                    id: Customer.ID(number),
                    book: test.book,
                    createdAt: Moment(seconds: 0),
                    person: nil,
                    externalReference: nil,
                    metadata: [:],
                    identity: nil,
                    emailDigest: nil
                )
                set.apply(.insert(.customer(customer)))
            }
        }
    }

    @Test func `a jump of more than 100 000 items is refused, page after page is not`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            for first in stride(from: UInt128(1), to: 100_031, by: 1000) {
                try await fill(test, first..<min(first + 1000, 100_031))
            }
            let list = Listing.customers(test.book)
            func page(_ start: Int) async throws(EngineFailure) -> [UInt128] {
                try await test.engine.page(of: list, .oldestFirst, start: start, limit: 10).keys
            }
            await #expect(throws: EngineFailure.pageOutOfReach) { try await page(100_001) }
            #expect(try await page(100_000) == Array(100_001...100_010))
            #expect(try await page(100_010) == Array(100_011...100_020))
            #expect(try await page(100_020) == Array(100_021...100_030))
            #expect(try await page(100_030).isEmpty)
        }
    }

    @Test func `newest first, pages stay exact while items arrive and after some left`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            try await fill(test, 1..<51)
            var all = Array((1...50).reversed()) as [UInt128]
            let list = Listing.customers(test.book)
            var random = SeededRandom(seed: 9)
            for round in 0..<40 {
                let start = Int.random(in: 0...all.count, using: &random)
                let limit = Int.random(in: 1...7, using: &random)
                let found = try await test.engine.page(of: list, .newestFirst, start: start, limit: limit)
                #expect(found.keys == Array(all.dropFirst(start).prefix(limit)), "round \(round)")
                #expect(found.hasMore == (start + limit < all.count))
                if round.isMultiple(of: 3) {
                    let next = UInt128(51 + round)
                    try await fill(test, next..<next + 1)
                    all.insert(next, at: 0)
                }
                if round % 7 == 6 {
                    let gone = all.remove(at: Int.random(in: 0..<all.count, using: &random))
                    let name = ObjectName(.customer, gone, in: test.book)
                    try await test.engine.perform(DeleteCustomer(origin: test.origin, customer: name))
                    test.engine.forgetPages(of: test.book)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `what is read while items come and go leaves no mark that is wrong`(someLeave: Bool) async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            try await fill(test, 1..<201)
            let list = Listing.customers(test.book)
            @Sendable func page(_ number: Int) async throws -> [UInt128] {
                try await test.engine.page(of: list, .newestFirst, start: number * 5, limit: 5).keys
            }
            @Sendable func check(_ all: [UInt128]) async throws {
                var random = SeededRandom(seed: 10)
                for number in (20..<56).shuffled(using: &random) {
                    #expect(try await page(number) == Array(all.dropFirst(number * 5).prefix(5)), "page \(number)")
                }
            }
            var all = Array((1...200).reversed()) as [UInt128]
            try await withThrowingTaskGroup(of: Void.self) { readers in
                for _ in 0..<4 {
                    readers.addTask {
                        while !Task.isCancelled {
                            for number in 0..<40 { _ = try? await page(number) }
                        }
                    }
                }
                defer { readers.cancelAll() }
                for next in UInt128(201)..<281 {
                    try await fill(test, next..<next + 1)
                    all.insert(next, at: 0)
                    guard someLeave, next.isMultiple(of: 8) else { continue }
                    let name = ObjectName(.customer, all.remove(at: 100), in: test.book)
                    try await test.engine.perform(DeleteCustomer(origin: test.origin, customer: name))
                    test.engine.forgetPages(of: test.book)
                    try await check(all)
                }
            }
            try await check(all)
        }
    }
}
