import Foundation
import Server
import TestSupport
import Testing

@Suite struct CSVTests {
    /// Reads a whole file of these bytes.
    private func read(_ bytes: [UInt8]) async throws -> [[String]] {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file.csv"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let handle = try #require(FileHandle(forReadingAtPath: path))
            var reader = try CSVReader(handle)
            var records: [[String]] = []
            while let record = try reader.next() { records.append(record.cells) }
            #expect(reader.consumed == bytes.count)
            return records
        }
    }

    @Test(
        arguments: [
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]), ("", []),
            ("\"a\"\"b\",\"c,\r\nd\"", [["a\"b", "c,\r\nd"]]), (",\r\n", [["", ""]]), ("a\n\n\nb\n", [["a"], ["b"]]),
            ("\u{FEFF}a,b\n", [["a", "b"]]), ("\"\",x", [["", "x"]]), ("ü,😀", [["ü", "😀"]]),
        ] as [(String, [[String]])]
    )
    func `what RFC 4180 allows is read`(text: String, records: [[String]]) async throws {
        #expect(try await read(Array(text.utf8)) == records)
    }

    @Test(
        arguments: [
            ("a\"b", 1, 2), ("x\n\"a\"b", 2, 4), ("x\n\"a", 2, 1), ("a\rb", 1, 2), ("ok\nyes\n\"", 3, 1),
        ] as [(String, Int, Int)]
    )
    func `what it does not allow is told with its place`(text: String, line: Int, column: Int) async throws {
        do {
            _ = try await read(Array(text.utf8))
            Issue.record("\(text) was read")
        } catch let fault as CSVReader.Fault {
            #expect((fault.line, fault.column) == (line, column), "\(fault)")
        }
    }

    @Test func `what is not UTF-8 is told where its cell begins`() async throws {
        let fault = await #expect(throws: CSVReader.Fault.self) {
            try await read(Array("ok\nb,c".utf8) + [0xC3, 0x2C, 0x64])
        }
        #expect(fault?.description == "line 2, column 3: the cell that begins here is not UTF-8")
    }

    @Test func `a cell that never ends does not fill the memory`() async throws {
        await #expect(throws: CSVReader.Fault.self) { try await read([UInt8](repeating: 0x61, count: 200_000)) }
        await #expect(throws: CSVReader.Fault.self) { try await read([UInt8](repeating: 0x2C, count: 1000)) }
        await #expect(throws: CSVReader.Fault.self) { try await read([0xFF, 0xFE, 0x61, 0]) }
    }

    @Test func `what is written is read again, and no cell begins as a formula does`() async throws {
        let alphabet = Array("=+-@\t\r\n'\",;a0 ü😀").map(String.init)
        var random = SeededRandom(seed: 4)
        var records: [[String]] = []
        var text = ""
        for _ in 0..<2000 {
            let cells = (0..<3)
                .map { _ in
                    (0..<Int.random(in: 0...4, using: &random))
                        .map { _ in alphabet.randomElement(using: &random) ?? "" }
                        .joined()
                }
            records.append(["x"] + cells)
            text += CSVText.record([.text("x")] + cells.map { .text($0) })
        }
        let found = try await read(Array(text.utf8))
        #expect(found.map { $0.map(CSVText.plain) } == records)
        for cell in found.joined() {
            #expect(!["=", "+", "-", "@", "\t", "\r"].contains(cell.unicodeScalars.first), "\(cell.debugDescription)")
        }
        // One character, and a quote in it.
        let accented = CSVText.record([.text("x\"\u{301},")])
        #expect(try await read(Array(accented.utf8)) == [["x\"\u{301},"]])
        #expect(CSVText.record([.number(-5), .none, .json("{\"a\":1}")]) == "-5,,\"{\"\"a\"\":1}\"\r\n")
    }

    @Test func `every setting that is read is known to the doctor`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Server")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        var read: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            read.formUnion(text.matches(of: /forKey: "([A-Za-z.]+)"/).map { String($0.output.1) })
        }
        #expect(read.contains("port"))
        #expect(read.subtracting(Settings.keys).isEmpty)
    }
}
