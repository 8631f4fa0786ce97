import Foundation

/// SQLite's write-ahead log as a file, read by its format (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
///
/// SQLite takes the first frame whose checksum fails for the end of the log. After a power cut that is right; where a
/// disk changed a byte in the middle, every later commit would be gone without a word. The two can be told apart: a
/// transaction's frames are written only after the sync of the one before, so where a frame follows the last frame of
/// a transaction by its checksum, that transaction had been whole.
struct WriteAheadLog {
    private static let headerLength = 32
    private static let frameHeaderLength = 24

    private let bytes: Data
    private let pageSize: Int
    private let isHeaderSound: Bool
    /// What tells this log's frames from those that an older one left behind. Where the header is not sound, the first
    /// frame knows it as well.
    private let salt: (UInt32, UInt32)
    private let isBigEndian: Bool

    /// - Returns: `nil` where there is no log, or an empty one.
    init?(beside path: String) throws {
        guard let bytes = try Self.contents(path + "-wal"), bytes.count > Self.headerLength else { return nil }
        self.bytes = bytes
        let magic = Self.word(bytes, 0)
        let said = Self.word(bytes, 8)
        let sum = Self.sum(bytes, 0..<24, from: Sum(), isBigEndian: magic & 1 == 1)
        isHeaderSound =
            magic & ~1 == 0x377f_0682 && sum == Sum(Self.word(bytes, 24), Self.word(bytes, 28))
            && said.nonzeroBitCount == 1 && (512...65536).contains(said)
        // SQLite writes the checksums of the machine's own order of bytes.
        isBigEndian = isHeaderSound ? magic & 1 == 1 : Int(1).bigEndian == 1
        pageSize = isHeaderSound ? Int(said) : try Self.pageSize(of: path)
        let salts = isHeaderSound ? 16 : Self.headerLength + 8
        guard bytes.count >= Self.headerLength + Self.frameHeaderLength else { return nil }
        salt = (Self.word(bytes, salts), Self.word(bytes, salts + 4))
    }

    /// As the database's own header says.
    private static func pageSize(of database: String) throws -> Int {
        let header = try FileHandle(forReadingFrom: URL(fileURLWithPath: database)).read(upToCount: 18) ?? Data()
        guard header.count == 18 else { return 4096 }
        let said = Int(header[16]) << 8 | Int(header[17])
        return said == 1 ? 65536 : max(said, 512)
    }

    private static func contents(_ path: String) throws -> Data? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    }

    /// Where the log is damaged before its end, as an offset in bytes: what stands behind was committed and synced, but
    /// SQLite would not see it. `nil` for a log that is whole, or was cut off in its last transaction.
    func damage(of database: String) throws -> Int? {
        guard isHeaderSound else { return try isCopied(into: database) ? nil : 0 }
        let end = soundFrames
        let hasLost = (end..<frames).contains { isCommit($0) && $0 + 1 < frames && follows($0 + 1) }
        return hasLost ? start(of: end) : nil
    }

    /// - Throws: ``SQLiteOpenFailure/damagedLog(_:byte:)``.
    static func check(_ database: String) throws {
        guard let byte = try WriteAheadLog(beside: database)?.damage(of: database) else { return }
        throw SQLiteOpenFailure.damagedLog(database + "-wal", byte: byte)
    }

    /// A header is written anew when everything before it is in the database. If that is so, nothing is lost with it.
    private func isCopied(into database: String) throws -> Bool {
        guard let last = (0..<frames).last(where: { isCommit($0) && ($0 == 0 || follows($0)) }) else { return true }
        var newest: [Int: Int] = [:]
        for frame in 0...last { newest[Int(word(start(of: frame)))] = frame }
        let pages = try Data(contentsOf: URL(fileURLWithPath: database), options: .mappedIfSafe)
        return newest.allSatisfy { page, frame in
            let place = (page - 1) * pageSize
            guard place >= 0, place + pageSize <= pages.count else { return false }
            let content = start(of: frame) + Self.frameHeaderLength
            return pages[place..<place + pageSize] == bytes[content..<content + pageSize]
        }
    }

    private var frames: Int { (bytes.count - Self.headerLength) / (Self.frameHeaderLength + pageSize) }

    private func start(of frame: Int) -> Int { Self.headerLength + frame * (Self.frameHeaderLength + pageSize) }

    /// How many frames there are before the first that does not follow.
    private var soundFrames: Int { (0..<frames).first { !follows($0) } ?? frames }

    /// Whether it is the last frame of a transaction of this log.
    private func isCommit(_ frame: Int) -> Bool { isOfThisLog(frame) && word(start(of: frame) + 4) != 0 }

    private func isOfThisLog(_ frame: Int) -> Bool {
        let start = start(of: frame)
        return (word(start + 8), word(start + 12)) == salt
    }

    /// Whether its checksum goes on from what stands before it.
    private func follows(_ frame: Int) -> Bool {
        guard isOfThisLog(frame) else { return false }
        let start = start(of: frame)
        let before = frame == 0 ? 24 : self.start(of: frame - 1) + 16
        let header = Self.sum(
            bytes,
            start..<start + 8,
            from: Sum(word(before), word(before + 4)),
            isBigEndian: isBigEndian
        )
        let content = start + Self.frameHeaderLength
        let whole = Self.sum(bytes, content..<content + pageSize, from: header, isBigEndian: isBigEndian)
        return whole == Sum(word(start + 16), word(start + 20))
    }

    private struct Sum: Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0

        init() {}

        init(_ first: UInt32, _ second: UInt32) {
            self.first = first
            self.second = second
        }
    }

    /// The log's own checksum, over pairs of words.
    private static func sum(_ bytes: Data, _ range: Range<Int>, from start: Sum, isBigEndian: Bool) -> Sum {
        bytes.withUnsafeBytes { buffer in
            var sum = start
            for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                let first = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                let second = buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                sum.first &+= (isBigEndian ? first.bigEndian : first.littleEndian) &+ sum.second
                sum.second &+= (isBigEndian ? second.bigEndian : second.littleEndian) &+ sum.first
            }
            return sum
        }
    }

    private func word(_ offset: Int) -> UInt32 { Self.word(bytes, offset) }

    private static func word(_ bytes: Data, _ offset: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian }
    }
}
