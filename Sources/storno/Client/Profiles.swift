import ArgumentParser
import Foundation

/// A server and a key to ask it with, under a name.
struct Profile: Codable, Sendable, Equatable {
    var address: String
    var key: String

    /// Enough of the key to know it by.
    var maskedKey: String { Self.masked(key) }

    static func masked(_ key: String) -> String {
        let kind = ["storno_test_", "storno_live_"].first { key.hasPrefix($0) } ?? ""
        return key.count > kind.count + 12 ? "\(kind)…\(key.suffix(4))" : "\(kind)…"
    }
}

/// The profiles of this user, in a file that nobody else may read.
struct Profiles: Codable, Sendable, Equatable {
    var current: String?
    var profiles: [String: Profile] = [:]

    /// `$XDG_CONFIG_HOME/storno/profiles.json`, where that is not set below `~/.config`.
    static var file: URL {
        let home = ProcessEnvironment.value("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
        let folder = home ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".config")
        return folder.appending(path: "storno/profiles.json")
    }

    /// Those that are there; none where there is no file.
    static func load() throws -> Profiles {
        guard FileManager.default.fileExists(atPath: file.path) else { return Profiles() }
        do {
            return try JSONDecoder().decode(Profiles.self, from: Data(contentsOf: file))
        } catch {
            throw ProfileFailure(sentence: "\(file.path) cannot be read as profiles. Mend it, or remove it.")
        }
    }

    /// Replaces the file in one step, so that none is ever half written.
    func save() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self)
        let folder = Self.file.deletingLastPathComponent()
        let fresh = folder.appending(path: ".profiles.\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try? FileManager.default.removeItem(at: fresh)
            let isMade = FileManager.default.createFile(
                atPath: fresh.path,
                contents: nil,
                attributes: [.posixPermissions: 0o600]
            )
            guard isMade else { throw CocoaError(.fileWriteUnknown) }
            let handle = try FileHandle(forWritingTo: fresh)
            try handle.write(contentsOf: data)
            try handle.close()
            guard rename(fresh.path, Self.file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw ProfileFailure(sentence: "\(Self.file.path) cannot be written.")
        }
    }

    func named(_ name: String) throws -> Profile {
        if let profile = profiles[name] { return profile }
        let known = profiles.keys.sorted().joined(separator: ", ")
        throw ProfileFailure(
            sentence: profiles.isEmpty
                ? "There is no profile \(name), nor any other: storno profiles add \(name) --address URL"
                : "There is no profile \(name). There are: \(known)."
        )
    }

    /// For a shell that completes a name.
    static let completion = CompletionKind.custom { _, _, _ in (try? load().profiles.keys.sorted()) ?? [] }
}

/// A profile that is not there, or a file that cannot be used.
struct ProfileFailure: Error {
    let sentence: String
}
