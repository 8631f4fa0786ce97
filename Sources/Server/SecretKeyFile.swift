import Foundation
import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The master key in its file: 32 random bytes as base64, readable by its owner alone.
package enum SecretKeyFile {
    /// Reads the key, making it first where there is no file.
    ///
    /// - Parameter mayMake: false where a database was written with a key already: another would be of no use.
    /// - Throws: ``SettingsFailure`` when the file is no key, or cannot be read or made.
    package static func load(_ path: String, mayMake: Bool = true) throws -> Secrets {
        let secrets = try read(path) ?? make(path, mayMake)
        clearPartials(of: path)
        return secrets
    }

    private static func make(_ path: String, _ mayMake: Bool) throws -> Secrets {
        guard mayMake else {
            throw failure(path, "there is no such file, and the database was written with the key in it: put it back")
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try create(path, Data(bytes).base64EncodedString() + "\n")
        // Another process may have been first: what the file says now is the key.
        guard let secrets = try read(path) else { throw failure(path, "it vanished while it was being made") }
        return secrets
    }

    /// - Returns: `nil` when there is no such file.
    /// - Throws: ``SettingsFailure`` when it is no key, or cannot be read.
    static func read(_ path: String) throws -> Secrets? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) else {
            throw failure(path, "it cannot be read")
        }
        guard let data = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), data.count == 32
        else {
            throw failure(path, "it does not hold 32 bytes as base64")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
        guard mode & 0o077 == 0 else { throw failure(path, "others can read it: run chmod 600 on it") }
        return Secrets(bytes: Array(data))
    }

    /// The file is whole and synced when it gets its name: half a key would keep a database shut for ever.
    private static func create(_ path: String, _ text: String) throws {
        let partial = "\(path)\(partialMark)\(getpid())"
        defer { unlink(partial) }
        try writeNew(partial, text)
        // Who was first may have cleared this one away as well.
        guard link(partial, path) == 0 || errno == EEXIST || errno == ENOENT else { throw failure(path) }
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static let partialMark = ".partial."

    /// What makings that were killed left behind: a key that nobody may find, this one's or none's. Where one cannot be
    /// removed, the next start tries again.
    private static func clearPartials(of path: String) {
        let file = URL(fileURLWithPath: path)
        let directory = file.deletingLastPathComponent().path
        let beginning = file.lastPathComponent + partialMark
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            guard name.hasPrefix(beginning), Int32(name.dropFirst(beginning.count)) != nil else { continue }
            unlink(directory + "/" + name)
        }
    }

    private static func writeNew(_ path: String, _ text: String) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A disk that takes nothing, and does not say why.
            if count == 0 { errno = EIO }
            guard count > 0 else { throw failure(path) }
            left = left.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func sync(_ directory: String) throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(directory) }
    }

    /// What the system has just said.
    private static func failure(_ path: String) -> SettingsFailure {
        failure(path, String(cString: strerror(errno)))
    }

    private static func failure(_ path: String, _ reason: String) -> SettingsFailure {
        SettingsFailure(name: "secretKeyFile", reason: "\(path): \(reason)")
    }
}
