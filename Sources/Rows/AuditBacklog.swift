import Domain
import Storage

/// A row that may be chained next.
package struct AuditCandidate: Sendable {
    let record: AuditRecord
    let isSettled: Bool

    /// What ``AuditQuery/backlog(of:isBehind:)`` found.
    package init(of table: AuditQuery.Table, from columns: inout Columns) throws {
        let number = try columns.integer()
        isSettled = try columns.flag()
        record = try AuditRecord(table.source(number), from: &columns)
    }
}

extension AuditBacklog {
    /// - Parameters:
    ///   - events: in their order, as acts are; those that are not settled stand behind all that are.
    ///   - limit: how many of each were asked for.
    package init(head: AuditHead, _ events: [AuditCandidate], _ acts: [AuditCandidate], limit: Int) {
        let isWhole =
            events.count < limit && acts.count < limit && events.allSatisfy(\.isSettled) && acts.allSatisfy(\.isSettled)
        self.init(head: head, records: Self.merged(events, acts), isWhole: isWhole)
    }

    /// Each in its own order, by time between them.
    private static func merged(_ events: [AuditCandidate], _ acts: [AuditCandidate]) -> [AuditRecord] {
        var (events, acts) = (
            events.prefix(while: \.isSettled).map(\.record)[...], acts.prefix(while: \.isSettled).map(\.record)[...]
        )
        var records: [AuditRecord] = []
        records.reserveCapacity(events.count + acts.count)
        while let event = events.first, let act = acts.first {
            if act.at <= event.at {
                records.append(act)
                acts.removeFirst()
            } else {
                records.append(event)
                events.removeFirst()
            }
        }
        return records + events + acts
    }
}

extension AuditHead {
    /// From ``AuditQuery/head``.
    package init(from columns: inout Columns) throws {
        self.init(book: try columns.book(), number: try columns.integer(), hash: try columns.digest())
    }
}

extension AuditedRecord {
    /// From ``AuditQuery/entries(_:)``.
    package init(from columns: inout Columns) throws {
        let (book, number) = try (columns.book(), columns.integer())
        let source = try AuditSource(from: &columns)
        let entry = AuditEntry(book: book, number: number, source: source, hash: try columns.digest())
        self.init(entry: entry, record: try AuditRecord(source, from: &columns))
    }
}
