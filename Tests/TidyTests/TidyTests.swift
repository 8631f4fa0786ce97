import Foundation
import Testing

/// The shape of the repository, held as a test: who may know whom, and what may stand where.
@Suite struct TidyTests {
    /// What each room may import of ours. A room that is missing here may not exist.
    private static let rooms: [String: Set<String>] = [
        "Domain": [],
        "Storage": ["Domain"],
        "Rows": ["Storage", "Domain"],
        "SQLiteStorage": ["Rows", "Storage", "Domain"],
        "PostgresStorage": ["Rows", "Storage", "Domain", "CLibPQ"],
        "CLibPQ": [],
        "MemoryStorage": ["Storage", "Domain"],
        "ConnectorKit": ["Domain"],
        "Engine": ["Domain", "Storage", "ConnectorKit"],
        "Outbound": ["Domain"],
        "Webhooks": ["Domain", "Storage", "Engine", "Outbound"],
        "DialectKit": ["Domain", "Storage", "Engine", "Webhooks"],
        // The documents of all APIs, and the page that shows them.
        "Reference": ["DialectKit"],
        // What makes texts part of the program, while it is built.
        "Embedder": [],
        "Server": ["*"],
        "Simulator": ["Domain", "Storage", "MemoryStorage", "ConnectorKit", "Engine"],
        "storno": ["Domain", "Storage", "Rows", "Server", "StornoClient"],
        // What strangers build with: it knows the API, and nothing of the server.
        "StornoClient": [],
        "TestSupport": ["*"],
        "Fuzzing": ["*"],
        "Fuzzer": ["Fuzzing"],
        "Instructions": ["*"],
        "JSONVerdicts": ["DialectKit"],
    ]
    private static let dialectMayKnow: Set<String> = [
        "Domain", "Storage", "ConnectorKit", "Engine", "DialectKit", "Webhooks",
    ]
    private static let connectorMayKnow: Set<String> = ["Domain", "ConnectorKit"]
    private static let vendors = ["cari", "collctiv", "stancer"]

    private struct Source {
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

        var imports: Set<String> {
            Set(lines.filter { $0.hasPrefix("import ") }.map { String($0.dropFirst("import ".count)) })
        }
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func sources(_ folder: String) -> [Source] {
        let base = root.appending(path: folder)
        let files = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".swift") }.sorted()
            .compactMap { file in
                let path = base.appending(path: file)
                guard let text = try? String(contentsOf: path, encoding: .utf8) else { return nil }
                return Source(path: folder + "/" + file, text: text)
            }
    }

    private static var ours: Set<String> {
        Set(rooms.keys)
            .union(["CariDialect", "CollctivDialect", "StancerDialect", "StornoDialect", "SandboxConnector"])
    }

    private func check(_ source: Source, mayKnow: Set<String>) {
        guard !mayKnow.contains("*") else { return }
        let known = source.imports.intersection(Self.ours)
        #expect(known.isSubset(of: mayKnow), "\(source.path) imports \(known.subtracting(mayKnow).sorted())")
    }

    @Test func `rooms know only whom they may`() {
        for source in Self.sources("Sources") {
            let room = source.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            guard let mayKnow = Self.rooms[room] else {
                Issue.record("\(room) is no known room")
                continue
            }
            check(source, mayKnow: mayKnow)
        }
        for source in Self.sources("Dialects") where source.path.contains("/Sources/") {
            check(source, mayKnow: Self.dialectMayKnow)
        }
        for source in Self.sources("Connectors") where source.path.contains("/Sources/") {
            check(source, mayKnow: Self.connectorMayKnow)
        }
    }

    @Test func `fixed rooms name no vendor`() {
        let exempt = [
            "Server/Catalog.swift", "Server/Demo.swift", "Server/Administration/AccountSetting.swift", "storno/",
            "TestSupport/", "Fuzzing/", "Instructions/",
        ]
        for source in Self.sources("Sources") where !exempt.contains(where: { source.path.contains($0) }) {
            for vendor in Self.vendors {
                let code = source.lines.filter { !$0.contains("///") }.joined(separator: "\n").lowercased()
                #expect(!code.contains(vendor), "\(source.path) names \(vendor)")
            }
        }
    }

    @Test func `the domain is pure`() {
        let banned = ["import Foundation", "Double", "Float", "Date(", "Task", "async", "import Glibc"]
        for source in Self.sources("Sources/Domain") where !source.path.hasSuffix("Moment.swift") {
            for word in banned { #expect(!source.text.contains(word), "\(source.path) says \(word)") }
        }
    }

    @Test func `nothing below the composition reads a clock, draws at random or starts a task`() {
        let banned = [
            "Date()", "Date.now", "ContinuousClock", "SystemRandomNumberGenerator", " Task {", " Task.detached",
            "Task.sleep", "DispatchQueue", "UUID()",
        ]
        for room in ["Domain", "Storage", "Engine", "ConnectorKit", "DialectKit", "Webhooks"] {
            for source in Self.sources("Sources/\(room)") {
                for word in banned { #expect(!source.text.contains(word), "\(source.path) says \(word)") }
            }
        }
        for source in Self.sources("Connectors") + Self.sources("Dialects") where source.path.contains("/Sources/") {
            for word in banned { #expect(!source.text.contains(word), "\(source.path) says \(word)") }
        }
    }

    private static let exceptions: [(folder: String, words: [String])] = [
        // The simulator is one thread, which the compiler cannot know; its scheduler holds it to that.
        ("Sources/Simulator/", ["@unchecked Sendable"]),
        // Prometheus' figures are floating point. None of them is money.
        ("Sources/Server/Metrics/", ["Double("]),
    ]

    @Test func `no file says what must not be said`() {
        let banned = ["fatalError(", "try!", "TODO", "FIXME", "@unchecked Sendable", "nonisolated(unsafe)", "Double("]
        for folder in ["Sources", "Dialects", "Connectors"] {
            for source in Self.sources(folder) where !source.path.contains("/Tests/") {
                let known = Self.exceptions.first { source.path.hasPrefix($0.folder) }?.words ?? []
                for word in banned where !known.contains(word) {
                    #expect(!source.text.contains(word), "\(source.path) says \(word)")
                }
            }
        }
    }

    /// pytest finds helpers by their bare names: of two, one test would get the other's.
    @Test func `no two Python modules share a name`() {
        let folder = Self.root.appending(path: "Tests/Binary").path
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let names = files.map { URL(fileURLWithPath: $0).lastPathComponent }
            .filter { $0.hasSuffix(".py") && $0 != "conftest.py" }
        let twice = Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
        #expect(names.count > 50 && twice == [])
    }

    @Test func `locks are such as the thread sanitizer sees`() {
        // docs/decisions/0006-a-lock-the-sanitizer-sees.md. Put together here, since this file is looked at as well.
        let banned = ["Mutex" + "<", "Mutex" + "("]
        for folder in ["Sources", "Dialects", "Connectors", "Tests"] {
            for source in Self.sources(folder) {
                for word in banned { #expect(!source.text.contains(word), "\(source.path) says \(word)") }
            }
        }
    }

    @Test func `a dialect words every refusal itself`() {
        for source in Self.sources("Dialects") where source.path.hasSuffix("Errors.swift") {
            #expect(!source.text.contains("default:"), "\(source.path) has a default")
        }
    }

    @Test func `no statement is put together from values`() throws {
        let interpolated = try Regex(#"sql: *"[^"]*\\\([^)]*(text|value|name)\b"#)
        for source in Self.sources("Sources/SQLiteStorage") + Self.sources("Sources/PostgresStorage") {
            #expect(source.text.firstMatch(of: interpolated) == nil, "\(source.path) interpolates a value into SQL")
        }
    }

    @Test func `files and folders stay small`() {
        for folder in ["Sources", "Dialects", "Connectors"] {
            for source in Self.sources(folder) {
                #expect(source.lines.count <= 401, "\(source.path) has more than 400 lines")
            }
        }
    }

    @Test func `each document has one title and names files that are there`() throws {
        let reference = try Regex(#"`((Sources|Dialects|Connectors|docs|scripts|Tests)/[A-Za-z0-9_./+-]+)`"#)
        let files = FileManager.default.enumerator(atPath: Self.root.path)?.compactMap { $0 as? String } ?? []
        let documents = files.filter { $0.hasSuffix(".md") && !$0.hasPrefix(".") && !$0.contains("/.") }
        #expect(!documents.isEmpty)
        for document in documents {
            let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
            var isCode = false
            let titles = text.split(separator: "\n")
                .filter { line in
                    if line.hasPrefix("```") { isCode.toggle() }
                    return !isCode && line.hasPrefix("# ")
                }
            #expect(titles.count == 1, "\(document) has \(titles.count) titles")
            for match in text.matches(of: reference) {
                guard let path = match.output[1].substring else { continue }
                let isThere = FileManager.default.fileExists(atPath: Self.root.appending(path: String(path)).path)
                #expect(isThere, "\(document) names \(path), which is not there")
            }
        }
    }
}
