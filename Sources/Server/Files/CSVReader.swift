import Foundation

/// Reads CSV to the letter of RFC 4180 from a file of any length, a record at a time: commas between, quotes around what
/// holds any, UTF-8 with or without a byte order mark, lines that end in LF or CRLF.
package struct CSVReader {
    package struct Record: Sendable, Equatable {
        /// Counted as a spreadsheet does, the header being 1.
        package let number: Int
        package let cells: [String]
    }

    /// Why the file cannot be read on; both from 1, the column in bytes.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let line: Int
        package let column: Int
        package let reason: String

        package var description: String { "line \(line), column \(column): \(reason)" }
    }

    /// So that a file that is no CSV does not fill the memory.
    private static let longestCell = 65_536
    private static let mostCells = 200

    private let read: (Int) throws -> [UInt8]
    private let portion: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 1
    private var column = 0
    private var number = 0
    /// How many bytes were taken so far.
    package private(set) var consumed = 0

    /// - Throws: ``Fault`` for a file in another encoding.
    package init(_ handle: FileHandle) throws {
        try self.init(inPortionsOf: 1 << 18) { count in Array(try handle.read(upToCount: count) ?? Data()) }
    }

    /// - Parameters:
    ///   - portion: how many bytes are asked for at a time; 3 or more.
    ///   - read: gives up to so many, and none at the end.
    /// - Throws: ``Fault`` for text in another encoding.
    package init(inPortionsOf portion: Int, _ read: @escaping (Int) throws -> [UInt8]) throws {
        self.read = read
        self.portion = portion
        try fill()
        if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
            throw fault("this is UTF-16; save the file as UTF-8")
        }
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            consumed = 3
        }
    }

    /// - Returns: `nil` at the end. Empty lines are left out.
    package mutating func next() throws -> Record? {
        while let cells = try cells() {
            number += 1
            if cells != [""] { return Record(number: number, cells: cells) }
        }
        return nil
    }

    private mutating func cells() throws -> [String]? {
        guard try peek() != nil else { return nil }
        var cells: [String] = []
        while true {
            guard cells.count < Self.mostCells else { throw fault("a record with more than \(Self.mostCells) cells") }
            cells.append(try cell())
            switch try peek() {
            case nil: return cells
            case UInt8(ascii: ","): _ = try take()
            case UInt8(ascii: "\n"):
                try endRecord()
                return cells
            case UInt8(ascii: "\r"):
                let alone = fault("a CR without an LF behind it")
                _ = try take()
                guard try peek() == UInt8(ascii: "\n") else { throw alone }
                try endRecord()
                return cells
            default: throw fault("something behind a closing quote")
            }
        }
    }

    private mutating func cell() throws -> String {
        let foreign = fault("the cell that begins here is not UTF-8")
        var bytes: [UInt8] = []
        if try peek() == UInt8(ascii: "\"") {
            _ = try take()
            try quoted(&bytes)
        } else {
            while let byte = try peek(), byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n"),
                byte != UInt8(ascii: "\r")
            {
                if byte == UInt8(ascii: "\"") { throw fault("a quote in a cell that does not begin with one") }
                try add(byte, to: &bytes)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw foreign }
        return text
    }

    private mutating func quoted(_ bytes: inout [UInt8]) throws {
        let (startLine, startColumn) = (line, column)
        while let byte = try peek() {
            if byte == UInt8(ascii: "\"") {
                _ = try take()
                guard try peek() == UInt8(ascii: "\"") else { return }
            }
            try add(byte, to: &bytes)
            if byte == UInt8(ascii: "\n") { endLine() }
        }
        throw Fault(line: startLine, column: startColumn, reason: "a quote that is never closed")
    }

    private mutating func add(_ byte: UInt8, to bytes: inout [UInt8]) throws {
        guard bytes.count < Self.longestCell else { throw fault("a cell of more than \(Self.longestCell) bytes") }
        bytes.append(byte)
        _ = try take()
    }

    // MARK: - Bytes

    private mutating func peek() throws -> UInt8? {
        if position == buffer.count { try fill() }
        return position < buffer.count ? buffer[position] : nil
    }

    private mutating func take() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        column += 1
        consumed += 1
        return byte
    }

    private mutating func fill() throws {
        buffer = try read(portion)
        position = 0
    }

    /// At its LF.
    private mutating func endRecord() throws {
        _ = try take()
        endLine()
    }

    private mutating func endLine() {
        line += 1
        column = 0
    }

    private func fault(_ reason: String) -> Fault { Fault(line: line, column: column + 1, reason: reason) }
}
