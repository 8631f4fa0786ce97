import Foundation
import Server
import Storage
import TestSupport
import Testing

@Suite struct SecretKeyFileTests {
    @Test func `what killed makings of the key left behind goes with the next start`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.key"
            let made = try SecretKeyFile.load(path)
            for pid in [1, 4_194_304] {
                try FileManager.default.copyItem(atPath: path, toPath: "\(path).partial.\(pid)")
            }
            // Somebody else's: it does not end in the number of a process, or has another name.
            let others = ["storno.key.2026", "storno.key.partial.old", "storno.key.partial.", "other.key.partial.1"]
            for name in others { try Data().write(to: URL(fileURLWithPath: directory + "/" + name)) }

            #expect(try SecretKeyFile.load(path).id == made.id)

            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(Set(left) == Set(others + ["storno.key"]))
        }
    }

    @Test func `a making that was killed is followed by one that works`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/storno.key"
            try Data("half".utf8).write(to: URL(fileURLWithPath: path + ".partial.1"))
            _ = try SecretKeyFile.load(path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["storno.key"])
        }
    }
}
