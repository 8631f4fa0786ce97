import Domain
import Storage

/// The audit trail, whose rows are numbered by their places in their lists.
extension Tables {
    package func auditHead(of book: Book) -> AuditHead? {
        auditEntries[book]?.last.map { AuditHead(book: book, number: $0.entry.number, hash: $0.entry.hash) }
    }

    package func auditBacklog(of book: Book, limit: Int) -> AuditBacklog {
        let chained = Set((auditEntries[book] ?? []).map(\.entry.source))
        let sources =
            eventLog.indices.map { AuditSource.event(Int64($0) + 1) } + acts.indices.map { .act(Int64($0) + 1) }
        let waiting = sources.filter { !chained.contains($0) }.compactMap { record($0, in: book) }
            .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        return AuditBacklog(
            head: auditHead(of: book) ?? .beginning(of: book),
            records: Array(waiting.prefix(limit)),
            isWhole: waiting.count <= limit
        )
    }

    package func auditEntries(in range: AuditRange) -> [AuditedRecord] {
        let all = auditEntries[range.book] ?? []
        let isDescending = range.order == .newestFirst
        return Array(
            (isDescending ? all.reversed() : all)
                .filter { entry in
                    let number = entry.entry.number
                    return range.after.map { isDescending ? number < $0 : number > $0 } ?? true
                        && range.takes(entry.record)
                }
                .prefix(range.limit)
        )
    }

    /// What a row of the book says; `nil` for another book's.
    func record(_ source: AuditSource, in book: Book) -> AuditRecord? {
        switch source {
        case .event(let number):
            let event = eventLog[Int(number) - 1]
            return event.book == book ? AuditRecord(source, event) : nil
        case .act(let number):
            let act = acts[Int(number) - 1]
            return act.book == book ? AuditRecord(source, act) : nil
        }
    }
}

extension AuditRecord {
    fileprivate init(_ source: AuditSource, _ event: Event) {
        self.init(
            book: event.book,
            source: source,
            at: event.at,
            actorKind: event.actor.kind.rawValue,
            actor: event.actor.id,
            requestID: event.requestID,
            action: event.type,
            objectKind: event.object.kind.rawValue,
            object: event.object.hexadecimal,
            sequence: event.sequence,
            part: event.part.json
        )
    }

    fileprivate init(_ source: AuditSource, _ act: AuditAct) {
        self.init(
            book: act.book,
            source: source,
            at: act.at,
            actorKind: act.actor.kind.rawValue,
            actor: act.actor.id,
            requestID: act.requestID,
            action: act.action,
            objectKind: act.objectKind,
            object: act.object,
            sequence: nil,
            part: act.part.json
        )
    }
}
