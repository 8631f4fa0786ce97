import DialectKit
import Domain
import Engine
import Server
import Storage

extension FuzzTarget {
    /// A file of payments or refunds: the first byte says in how small portions it comes.
    static let history = FuzzTarget("history") { bytes in
        let text = Array(bytes.dropFirst())
        let found = Table(text, inPortionsOf: 3 + Int(bytes.first ?? 0) % 61)
        try hold(found == Table(text, inPortionsOf: text.count + 3), "portions make another table")
        try found.check(against: text)
        try check(rows: found.records)
    }

    private static func check(rows: [[String]]) throws {
        guard let first = rows.first, let header = try? HistoryHeader(first) else { return }
        let history = HistoryRows(
            header: header,
            book: Book(1),
            dialect: "stancer",
            actor: Actor(.operator, "fuzz"),
            secrets: Secrets(bytes: Array(repeating: 5, count: 32)),
            processor: "sandbox",
            now: Moment(seconds: 1_800_000_000)
        )
        for cells in rows.dropFirst() {
            guard let item = try item(cells, history) else { continue }
            let amount =
                switch item {
                case .payment(let payment): payment.payment.amount
                case .refund(let refund): refund.amount.minorUnits
                }
            let written = header.columns.firstIndex(of: "amount").map { CSVText.plain(cells[$0]) }
            try hold(written == String(amount), "\(written ?? "") is taken for \(amount)")
        }
    }

    private static func item(_ cells: [String], _ history: HistoryRows) throws(Disproof) -> ImportHistory.Item? {
        do {
            return try history.item(cells)
        } catch .invalid(_, let reason) {
            try hold(!reason.isEmpty, "a refusal without words")
            return nil
        } catch {
            throw Disproof(description: "a row is refused with \(error)")
        }
    }
}

/// What is read of a file, up to where it cannot be read on.
private struct Table: Equatable {
    var records: [[String]] = []
    var numbers: [Int] = []
    var consumed = 0
    var fault: CSVReader.Fault?

    init(_ bytes: [UInt8], inPortionsOf portion: Int) {
        var rest = bytes[...]
        do {
            var reader = try CSVReader(inPortionsOf: portion) { count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
            while let record = try reader.next() {
                records.append(record.cells)
                numbers.append(record.number)
            }
            consumed = reader.consumed
        } catch {
            fault = error as? CSVReader.Fault
        }
    }

    func check(against bytes: [UInt8]) throws {
        let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
        try hold(numbers == numbers.sorted() && Set(numbers).count == numbers.count, "numbers that do not rise")
        try hold((numbers.last ?? 0) <= lines, "more records than lines")
        if let fault {
            try hold((1...lines).contains(fault.line) && fault.column >= 1, "a fault in no line: \(fault)")
        } else {
            try hold(consumed == bytes.count, "something is left")
        }
        // What a person would see in a spreadsheet, saved again.
        let written = ([["first"]] + records).map { CSVText.record($0.map { .text($0) }) }.joined()
        let again = Table(Array(written.utf8), inPortionsOf: 4096)
        try hold(again.fault == nil, "what is written cannot be read")
        let read = again.records.dropFirst().map { $0.map(CSVText.plain) }
        try hold(read == records, "what is written reads as something else")
        let formulas: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r"]
        for cell in again.records.joined() {
            try hold(!formulas.contains { cell.unicodeScalars.first == $0 }, "a formula: \(cell)")
        }
    }
}
