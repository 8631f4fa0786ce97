import Domain
import Storage

/// Where a trail is not what was written, and how that shows.
package struct AuditFinding: Sendable, Equatable {
    package let book: Book
    /// Of the entry, or of the row that has none.
    package let number: Int64
    package let what: String

    package init(book: Book, number: Int64, what: String) {
        self.book = book
        self.number = number
        self.what = what
    }
}

/// What a walk through the whole trail came to.
package struct AuditReport: Sendable, Equatable {
    /// Of each book the first place that differs; beside it what was passed over.
    package var findings: [AuditFinding] = []
    /// The newest link of each book, and when what it is about happened.
    package var heads: [(head: AuditHead, at: Moment)] = []
    /// How many rows of each book are not chained yet.
    package var waiting: [Book: Int64] = [:]

    package init() {}

    package static func == (left: AuditReport, right: AuditReport) -> Bool {
        left.findings == right.findings && left.heads.map(\.head) == right.heads.map(\.head)
            && left.waiting == right.waiting
    }
}

/// Recomputes every hash of the trail from the rows that the entries are about.
package struct AuditWalk {
    private let expected: [Book: [AuditHead]]
    private var report = AuditReport()
    private var book: Book?
    private var last = AuditHead.beginning(of: Book(0))
    private var lastAt = Moment(milliseconds: 0)
    /// Whether the book's chain is broken: nothing behind the break can be judged.
    private var isBroken = false

    /// - Parameter heads: links that were exported before; any number of each book.
    private init(_ heads: [AuditHead]) {
        expected = Dictionary(grouping: heads, by: \.book)
    }

    package static func report(
        _ rows: any RowWalk,
        _ query: AuditQuery,
        against heads: [AuditHead] = []
    ) throws -> AuditReport {
        var walk = AuditWalk(heads)
        try rows.each(query.everything, [], of: AuditEntryRow.table) { columns in
            walk.visit(&columns)
            return true
        }
        walk.end()
        walk.endWithout()
        try walk.count(rows, query)
        return walk.report
    }

    private mutating func visit(_ columns: inout Columns) {
        guard let book = try? columns.book() else {
            return report.findings.append(AuditFinding(book: Book(0), number: 0, what: "an entry is of no book"))
        }
        if book != self.book {
            end()
            self.book = book
            (last, isBroken) = (.beginning(of: book), false)
        }
        guard !isBroken else { return }
        do {
            try judge(&columns, book)
        } catch let damage as DamagedRow {
            complain(last.number + 1, damage.reason)
        } catch {
            complain(last.number + 1, "\(error)")
        }
    }

    private mutating func judge(_ columns: inout Columns, _ book: Book) throws {
        let number = try columns.integer()
        guard number == last.number + 1 else {
            return complain(last.number + 1, "the next entry has the number \(number)")
        }
        let source = try AuditSource(from: &columns)
        let hash = try columns.digest()
        var record = columns
        guard (try? record.book()) == book else { return complain(number, "what it is about is not there") }
        let found = try AuditRecord(source, from: &columns)
        let computed = found.hash(number, after: last.hash)
        guard computed == hash else { return complain(number, "its hash is not that of what is there") }
        for head in expected[book] ?? [] where head.number == number && head.hash != computed {
            return complain(number, "its hash is not the one that was exported")
        }
        last = AuditHead(book: book, number: number, hash: computed)
        lastAt = found.at
    }

    private mutating func complain(_ number: Int64, _ what: String) {
        isBroken = true
        report.findings.append(AuditFinding(book: book ?? Book(0), number: number, what: what))
    }

    /// The end of a book's chain.
    private mutating func end() {
        guard let book else { return }
        if last.number > 0 { report.heads.append((last, lastAt)) }
        guard !isBroken, let head = expected[book]?.max(by: { $0.number < $1.number }), head.number > last.number else {
            return
        }
        complain(last.number + 1, "the trail ends before the exported number \(head.number)")
    }

    /// Books that have no chain, though a head of theirs was exported.
    private mutating func endWithout() {
        let known = Set(report.heads.map(\.head.book)).union(report.findings.map(\.book))
        for (book, heads) in expected.sorted(by: { $0.key.number < $1.key.number }) where !known.contains(book) {
            guard let number = heads.map(\.number).max(), number > 0 else { continue }
            report.findings.append(
                AuditFinding(book: book, number: 1, what: "the trail ends before the exported number \(number)")
            )
        }
    }

    private static func books(_ rows: any RowWalk) throws -> [Book] {
        var books: [Book] = []
        try rows.each("SELECT number FROM book ORDER BY number", [], of: "book") { columns in
            books.append(try columns.book())
            return true
        }
        return books
    }

    private mutating func lookForPassedOver(
        _ rows: any RowWalk,
        _ query: AuditQuery,
        _ table: AuditQuery.Table,
        _ book: Book
    ) throws {
        var place: [StoredValue] = []
        try rows.each(query.last(of: table), [.book(book)], of: table.rawValue) { columns in
            place = query.place.compactMap { _ in (try? columns.integer()).map { .integer($0) } }
            return true
        }
        // None, or one that does not decode: the chain itself says so.
        guard place.count == query.place.count else { return }
        try rows.each(query.passedOver(of: table), [.book(book)] + place, of: table.rawValue) { columns in
            // A number that was damaged does not even decode.
            let finding = AuditFinding(
                book: book,
                number: (try? columns.integer()) ?? 0,
                what: "a row of \(table.rawValue) has no entry, though others behind it have"
            )
            report.findings.append(finding)
            return true
        }
    }

    private mutating func count(_ rows: any RowWalk, _ query: AuditQuery) throws {
        for table in AuditQuery.Table.allCases {
            for book in try Self.books(rows) { try lookForPassedOver(rows, query, table, book) }
            try rows.each(query.waiting(of: table), [], of: table.rawValue) { columns in
                guard let book = try? columns.book() else {
                    report.findings.append(
                        AuditFinding(book: Book(0), number: 0, what: "a row of \(table.rawValue) is of no book")
                    )
                    return true
                }
                report.waiting[book, default: 0] += try columns.integer()
                return true
            }
        }
    }
}

extension Check {
    /// The trail from its rows; the first place of each book that differs.
    package static func auditTrail(_ query: AuditQuery) -> Check {
        Check("audit_trail") { rows, _, limit in
            try AuditWalk.report(rows, query).findings.prefix(limit)
                .map { Finding(check: "audit_trail", book: $0.book.number, subject: "\($0.number)") }
        }
    }
}
