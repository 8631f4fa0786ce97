import Foundation

/// SQLite's write-ahead log as a file, read by its format (https://www.sqlite.org/fileformat2.html#the_write_ahead_log),
/// frame by frame.
///
/// SQLite takes the first frame whose checksum fails for the end of the log. After a power cut that is right; where a
/// disk changed a byte in the middle, every later commit would be gone without a word. The two can be told apart: a
/// transaction's frames are written only after the sync of the one before (``SQLiteStore`` syncs what it finds before
/// it writes), so where a frame follows the last frame of a transaction by its checksum, that transaction had been
/// whole.
struct WriteAheadLog {
    private static let headerLength = 32
    private static let frameHeaderLength = 24

    private let file: ReadableFile
    private let header: [UInt8]
    private let isHeaderSound: Bool
    private let pageSize: Int
    private let isBigEndian: Bool
    private let frames: Int

    /// - Returns: `nil` where there is no log, or none with a frame.
    init?(beside path: String) throws {
        guard let file = try ReadableFile(path + "-wal"), file.length > Self.headerLength else { return nil }
        self.file = file
        header = try file.read(at: 0, count: Self.headerLength)
        let magic = Self.word(header, 0)
        let said = Self.word(header, 8)
        let sum = Sum().adding(header[0..<24], isBigEndian: magic & 1 == 1)
        isHeaderSound =
            magic & ~1 == 0x377f_0682 && sum == Sum(header, 24)
            && said.nonzeroBitCount == 1 && (512...65536).contains(said)
        // SQLite writes the checksums in the machine's own order of bytes.
        isBigEndian = isHeaderSound ? magic & 1 == 1 : Int(1).bigEndian == 1
        pageSize = isHeaderSound ? Int(said) : try Self.pageSize(of: path)
        frames = (file.length - Self.headerLength) / (Self.frameHeaderLength + pageSize)
        guard frames > 0 else { return nil }
    }

    /// As the database's own header says.
    private static func pageSize(of database: String) throws -> Int {
        guard let file = try ReadableFile(database), file.length >= 18 else { return 4096 }
        let said = try file.read(at: 16, count: 2)
        let size = Int(said[0]) << 8 | Int(said[1])
        return size == 1 ? 65536 : max(size, 512)
    }

    /// - Throws: ``SQLiteOpenFailure/damagedLog(_:byte:)``.
    static func check(_ database: String) throws {
        guard let byte = try WriteAheadLog(beside: database)?.damage(of: database) else { return }
        throw SQLiteOpenFailure.damagedLog(database + "-wal", byte: byte)
    }

    /// Where the log is damaged before its end, as an offset in bytes: what stands behind was committed and synced, but
    /// SQLite would not see it. `nil` for a log that is whole, or was cut off in its last transaction.
    func damage(of database: String) throws -> Int? {
        guard isHeaderSound else { return try hasUncopiedFrames(database) ? 0 : nil }
        let salts = Self.salts(header, 16)
        var sum = Sum(header, 24)
        for number in 0..<frames {
            let frame = try self.frame(number)
            let next = frame.sum(after: sum, isBigEndian)
            guard frame.salts == salts, frame.sum == next else {
                return try hasLost(from: number, frame, next, salts) ? frame.start : nil
            }
            sum = next
        }
        return nil
    }

    /// Whether a transaction that had been whole stands at or behind the first frame that does not check.
    ///
    /// - Parameter actual: the checksum of what that frame holds now.
    private func hasLost(from first: Int, _ broken: Frame, _ actual: Sum, _ salts: UInt64) throws -> Bool {
        var last = broken
        for number in (first + 1)..<max(frames, first + 1) {
            let frame = try self.frame(number)
            if frame.salts == salts, last.isCommit {
                let follows = last.salts == salts && frame.sum == frame.sum(after: last.sum, isBigEndian)
                // Where only the broken frame's own salt or checksum was hit, its content still leads on.
                let leadsOn = number == first + 1 && frame.sum == frame.sum(after: actual, isBigEndian)
                if follows || leadsOn { return true }
            }
            last = frame
        }
        return false
    }

    /// A header is written anew when everything before it is in the database; only then nothing is lost with it.
    private func hasUncopiedFrames(_ database: String) throws -> Bool {
        let chained = try chainedFrames()
        // A log whose beginning is gone as well, so that nothing in it can be told from anything else.
        guard let end = chained.last else { return try !isEmptyFile() }
        var newest: [UInt32: Int] = [:]
        for number in chained where number <= end { newest[try frame(number).page] = number }
        guard let pages = try ReadableFile(database) else { return true }
        return try newest.contains { page, number in
            let place = (Int(page) - 1) * pageSize
            guard place >= 0, place + pageSize <= pages.length else { return true }
            return try pages.read(at: place, count: pageSize) != frame(number).content
        }
    }

    /// The frames of the newest log in the file, up to its last whole transaction: those of which one leads to the next.
    private func chainedFrames() throws -> [Int] {
        var chains: [UInt64: [Int]] = [:]
        var commits: [UInt64: Int] = [:]
        var last: Frame?
        for number in 0..<frames {
            let frame = try self.frame(number)
            if let last, last.salts == frame.salts, frame.sum == frame.sum(after: last.sum, isBigEndian) {
                if chains[frame.salts, default: []].last != number - 1 {
                    chains[frame.salts, default: []].append(number - 1)
                }
                chains[frame.salts, default: []].append(number)
                if frame.isCommit { commits[frame.salts] = number }
            }
            last = frame
        }
        // With each new log the first salt is one more.
        let newest = chains.keys.max { Int32(truncatingIfNeeded: ($1 >> 32) &- ($0 >> 32)) > 0 }
        guard let newest, let commit = commits[newest] else { return [] }
        return (chains[newest] ?? []).filter { $0 <= commit }
    }

    private func isEmptyFile() throws -> Bool {
        for number in 0..<frames where try !frame(number).isEmpty { return false }
        return true
    }

    private func frame(_ number: Int) throws -> Frame {
        let length = Self.frameHeaderLength + pageSize
        let start = Self.headerLength + number * length
        return Frame(start: start, bytes: try file.read(at: start, count: length))
    }

    fileprivate static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    fileprivate static func salts(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        UInt64(word(bytes, offset)) << 32 | UInt64(word(bytes, offset + 4))
    }
}

/// One changed page, as it stands in the log.
private struct Frame {
    let start: Int
    let bytes: [UInt8]

    var page: UInt32 { WriteAheadLog.word(bytes, 0) }
    /// Whether it is the last of its transaction.
    var isCommit: Bool { WriteAheadLog.word(bytes, 4) != 0 }
    /// What tells one log's frames from those that an older one left behind.
    var salts: UInt64 { WriteAheadLog.salts(bytes, 8) }
    var sum: Sum { Sum(bytes, 16) }
    var content: [UInt8] { Array(bytes[24...]) }
    var isEmpty: Bool { bytes.allSatisfy { $0 == 0 } }

    /// The checksum that it should have.
    func sum(after last: Sum, _ isBigEndian: Bool) -> Sum {
        last.adding(bytes[0..<8], isBigEndian: isBigEndian).adding(bytes[24...], isBigEndian: isBigEndian)
    }
}

/// The log's own checksum, over pairs of words.
private struct Sum: Equatable {
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init() {}

    init(_ bytes: [UInt8], _ offset: Int) {
        first = WriteAheadLog.word(bytes, offset)
        second = WriteAheadLog.word(bytes, offset + 4)
    }

    func adding(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> Sum {
        bytes.withUnsafeBytes { buffer in
            var sum = self
            for offset in stride(from: 0, to: buffer.count - 7, by: 8) {
                let first = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                let second = buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                sum.first &+= (isBigEndian ? first.bigEndian : first.littleEndian) &+ sum.second
                sum.second &+= (isBigEndian ? second.bigEndian : second.littleEndian) &+ sum.first
            }
            return sum
        }
    }
}
