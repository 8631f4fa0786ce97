import Domain
import Foundation
import SQLiteStorage
import Storage
import TestSupport
import Testing

/// A log that was cut off is opened; one that was damaged is refused.
@Suite struct WriteAheadLogTests {
    private static let frame = 24 + 2048

    @Test func `a log is opened that ends anywhere in its last transaction`() async throws {
        try await withKilled { database, log in
            let last = try #require(commits(log).dropLast().last) + 1
            for length in [log.count, log.count - 1, log.count - Self.frame, 32 + last * Self.frame + 7, 31, 0] {
                try open(database, log.prefix(length))
            }
        }
    }

    @Test func `a byte that changed in its last transaction looks like its end`() async throws {
        try await withKilled { database, log in try open(database, flipped(log, log.count - 100)) }
    }

    @Test func `a byte that changed before is damage`() async throws {
        try await withKilled { database, log in
            let last = try #require(commits(log).dropLast().last) + 1
            let pages = (0..<last).map { 32 + $0 * Self.frame + 24 + 50 }
            let sizes = (0..<last).map { 32 + $0 * Self.frame + 7 }
            for offset in Array(0..<32) + pages + sizes {
                let failure = #expect(throws: SQLiteOpenFailure.self, "byte \(offset)") {
                    try open(database, flipped(log, offset))
                }
                guard case .damagedLog(_, let byte) = failure else {
                    Issue.record("byte \(offset): \(String(describing: failure))")
                    continue
                }
                #expect(byte == (offset < 32 ? 0 : (offset - 32) / Self.frame * Self.frame + 32))
            }
        }
    }

    @Test(arguments: [1, 32, 40, 56, 512, 4096, 9000])
    func `a log whose beginning is gone is damage`(length: Int) async throws {
        try await withKilled { database, log in
            let failure = #expect(throws: SQLiteOpenFailure.self) {
                try open(database, Data(repeating: 0, count: length) + log.dropFirst(length))
            }
            guard case .damagedLog = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `the header of a frame that ends a transaction may be hit as well`() async throws {
        try await withKilled { database, log in
            for commit in commits(log).dropLast() {
                for field in [9, 13, 17, 21] {
                    let changed = flipped(log, 32 + commit * Self.frame + field)
                    #expect(throws: SQLiteOpenFailure.self, "byte \(field)") { try open(database, changed) }
                }
            }
        }
    }

    @Test func `what an older log left behind is no damage`() async throws {
        try await withKilled { database, log in
            // As a log that was begun anew: other salts in the header, and in the first frame.
            let torn = log.prefix(32 + Self.frame) + flipped(log, 32 + Self.frame + 8).dropFirst(32 + Self.frame)
            var old = Data(torn)
            for frame in 1..<(log.count - 32) / Self.frame { old[32 + frame * Self.frame + 8] ^= 0xFF }
            try open(database, old)
        }
    }

    @Test func `a header that is being written anew is no damage`() async throws {
        try await withKilled { database, log in
            try open(database, log)
            try await withTemporaryDirectory { directory in
                let path = directory + "/storno.sqlite"
                try database.write(to: URL(fileURLWithPath: path))
                try log.write(to: URL(fileURLWithPath: path + "-wal"))
                try SQLiteStore(path: path, secrets: .ofTests).close()
                let copied = try Data(contentsOf: URL(fileURLWithPath: path))
                try open(copied, flipped(log, 10))
            }
        }
    }

    private func flipped(_ data: Data, _ offset: Int) -> Data {
        var changed = Data(data)
        changed[offset] ^= 4
        return changed
    }

    /// The numbers of the frames that end a transaction.
    private func commits(_ log: Data) -> [Int] {
        (0..<(log.count - 32) / Self.frame)
            .filter { frame in
                log[(32 + frame * Self.frame + 4)..<(32 + frame * Self.frame + 8)].contains { $0 != 0 }
            }
    }

    private func open(_ database: Data, _ log: Data) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "storno-log-\(UUID().uuidString)").path
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        try database.write(to: URL(fileURLWithPath: path))
        try log.write(to: URL(fileURLWithPath: path + "-wal"))
        try SQLiteStore(path: path, secrets: .ofTests).close()
    }

    /// The database and its log, as a process leaves them that was killed after three transactions.
    private func withKilled(
        _ body: @Sendable @escaping (_ database: Data, _ log: Data) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.sqlite"
            let store = try SQLiteStore(path: path, secrets: .ofTests)
            for number in 1...3 {
                try await store.transact(Footprint()) { set in
                    let account = Account(
                        number: Int64(number),
                        name: "account \(number)",
                        createdAt: Moment(milliseconds: 0),
                        settings: AccountSettings([:])
                    )
                    set.apply(.insert(.account(account)))
                }
            }
            try await body(
                try Data(contentsOf: URL(fileURLWithPath: path)),
                try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            )
        }
    }
}
