import Crypto
import Foundation

/// The SHA-256 of a backup, kept beside it in the form that `sha256sum -c` reads.
enum Checksum {
    static func path(of file: String) -> String { file + ".sha256" }

    /// - Returns: 64 hexadecimal digits.
    static func digest(of file: String) throws -> String {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        var hash = SHA256()
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
        return hash.finalize()
            .map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }
            .joined()
    }

    static func write(_ digest: String, of file: String) throws {
        let line = "\(digest)  \(URL(fileURLWithPath: file).lastPathComponent)\n"
        try Data(line.utf8).write(to: URL(fileURLWithPath: path(of: file)), options: .atomic)
    }

    /// - Returns: what the file beside it says; `nil` where there is none.
    static func kept(of file: String) throws -> String? {
        guard let data = FileManager.default.contents(atPath: path(of: file)) else { return nil }
        let digest = String(decoding: data, as: UTF8.self).prefix { !$0.isWhitespace }
        return digest.lowercased()
    }
}
