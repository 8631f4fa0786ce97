import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that is read in pieces, whatever its length, and that may change or shrink meanwhile.
final class ReadableFile {
    private let descriptor: Int32
    /// When it was opened.
    let length: Int

    /// - Returns: `nil` when there is no such file.
    init?(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        length = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    /// - Returns: zeros for what is no longer there.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let part = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if part < 0, errno == EINTR { continue }
            guard part >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            guard part > 0 else { break }
            done += part
        }
        return bytes
    }
}
