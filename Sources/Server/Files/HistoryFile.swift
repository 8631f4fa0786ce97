import DialectKit
import Domain
import Engine
import Foundation
import Storage

/// A file of payments or refunds, read by itself: a batch may be read while the one before it is decided.
actor HistoryFile {
    private var reader: CSVReader
    private let rows: HistoryRows
    private var isAtEnd = false

    /// Reads the header.
    ///
    /// - Throws: ``AdminRefusal``; ``CSVReader/Fault``.
    init(
        _ handle: FileHandle,
        _ book: Book,
        _ wish: Import,
        _ secrets: Secrets,
        _ processor: String?,
        _ now: Moment
    ) throws {
        var reader = try CSVReader(handle)
        guard let first = try reader.next() else { throw AdminRefusal("\(wish.file) is empty.") }
        self.reader = reader
        rows = HistoryRows(
            header: try HistoryHeader(first.cells),
            book: book,
            dialect: wish.dialect,
            actor: Actor(.operator, wish.user),
            secrets: secrets,
            processor: processor,
            now: now
        )
    }

    /// - Returns: up to so many rows; `nil` behind the last.
    func next(_ size: Int) throws -> HistoryBatch? {
        guard !isAtEnd else { return nil }
        var batch = HistoryBatch()
        while batch.rows.count < size, !isAtEnd {
            do {
                guard let record = try reader.next() else {
                    isAtEnd = true
                    break
                }
                do {
                    batch.items.append(try rows.item(record.cells))
                    batch.rows.append((record.number, nil))
                } catch {
                    batch.rows.append((record.number, ImportWording.reason(for: error)))
                }
            } catch let broken as CSVReader.Fault {
                // What came before it is taken.
                batch.fault = broken
                isAtEnd = true
            }
        }
        batch.end = reader.consumed
        return batch
    }
}

/// Rows of a file, in its order.
struct HistoryBatch: Sendable {
    /// All of them; with what is wrong with those that make no item.
    var rows: [(number: Int, refusal: String?)] = []
    var items: [ImportHistory.Item] = []
    /// Why nothing can be read behind them.
    var fault: CSVReader.Fault?
    /// Where in the file they end, in bytes.
    var end = 0
}
