import Domain
import Storage
import Testing

extension StoreConformance {
    private func act(_ object: String, in book: Book, at moment: Moment) -> WorkingRow {
        .act(
            AuditAct(
                book: book,
                at: moment,
                actor: Actor(.operator, "ada \"ü\""),
                requestID: nil,
                action: "account.settings_changed",
                objectKind: "account",
                object: object,
                part: EventPart([("rate_limit", .text("1/2"))])
            )
        )
    }

    /// What waits in a book, once other transactions of the same server hold nothing of it up.
    private func whole(_ book: Book) async throws -> AuditBacklog {
        while true {
            let backlog = try await store.auditBacklog(of: book, limit: 100)
            if backlog.isWhole { return backlog }
        }
    }

    /// Chains what waits in a book as the worker does.
    private func chain(_ book: Book, limit: Int) async throws -> Bool {
        let backlog = try await store.auditBacklog(of: book, limit: limit)
        let links = backlog.head.links(backlog.records)
        var footprint = Footprint()
        footprint.auditHeads = [book]
        return try await store.transact(footprint) { set in
            guard set.auditHead(of: book) == backlog.head else { return false }
            for link in links { set.apply(.insert(.auditEntry(link))) }
            return set.auditHead(of: book)?.number == backlog.head.number + Int64(links.count)
        }
    }

    func theTrailIsChained() async throws {
        let account = Account(number: 3, name: "audited", createdAt: moment)
        let (own, others) = (account.book(.test), account.book(.live))
        try await insert([.account(account)])
        #expect(try await store.auditHead(of: own) == nil)
        let before = try await store.booksToAudit(since: nil)
        #expect(before.books.contains(own) && before.books.contains(others))
        let payment = try payment(9_900, in: own)
        let event = Event(
            book: own,
            object: ObjectReference(.payment, payment.id.raw),
            sequence: 1,
            type: "payment.created",
            at: moment,
            actor: Actor(.key, "key_1"),
            requestID: "req_1",
            part: payment.eventPart
        )
        try await insert([.payment(payment), .event(event), act("one", in: own, at: moment.adding(.seconds(1)))])
        try await insert([act("two", in: own, at: moment.adding(.seconds(2))), act("far", in: others, at: moment)])
        #expect(
            try await store.booksToAudit(since: before.mark).books.filter { $0 == own || $0 == others } == [
                own, others,
            ]
        )

        let backlog = try await whole(own)
        #expect(backlog.head == .beginning(of: own))
        #expect(
            backlog.records.map(\.action) == ["payment.created"]
                + Array(repeating: "account.settings_changed", count: 2)
        )
        #expect(backlog.records.map(\.object) == [event.object.hexadecimal, "one", "two"])
        #expect(backlog.records[0].part == event.part.json)
        #expect(backlog.records[0].sequence == 1 && backlog.records[0].requestID == "req_1")
        #expect(backlog.records[1].actor == "ada \"ü\"" && backlog.records[1].requestID == nil)

        #expect(try await chain(own, limit: 1))
        while try await store.auditHead(of: own)?.number != 3 { #expect(try await chain(own, limit: 1)) }
        let whole = try await store.auditEntries(in: AuditRange(own, .oldestFirst, limit: 10))
        #expect(whole.map(\.entry) == AuditHead.beginning(of: own).links(whole.map(\.record)))
        #expect(Set(whole.map(\.record.object)) == Set(backlog.records.map(\.object)))
        #expect(try await store.auditHead(of: own)?.hash == whole.last?.entry.hash)
        #expect(try await self.whole(own).records.isEmpty)
        #expect(try await self.whole(others).records.map(\.object) == ["far"])
        try await theTrailIsWalked(own, whole)
        try await aLinkHasOnePlace(own, whole)
    }

    private func theTrailIsWalked(_ book: Book, _ whole: [AuditedRecord]) async throws {
        func found(_ range: AuditRange) async throws -> [Int64] {
            try await store.auditEntries(in: range).map(\.entry.number)
        }
        #expect(try await found(AuditRange(book, .newestFirst, limit: 2)) == [3, 2])
        #expect(try await found(AuditRange(book, .newestFirst, after: 2, limit: 2)) == [1])
        #expect(try await found(AuditRange(book, .oldestFirst, after: 1, limit: 1)) == [2])
        let keys = whole.filter { $0.record.actor == "key_1" }.map(\.entry.number)
        #expect(try await found(AuditRange(book, .oldestFirst, actor: "key_1", limit: 9)) == keys)
        #expect(try await found(AuditRange(book, .oldestFirst, actions: ["payment.*"], limit: 9)) == keys)
        #expect(try await found(AuditRange(book, .oldestFirst, actions: ["payment.created", "x.y"], limit: 9)) == keys)
        #expect(try await found(AuditRange(book, .oldestFirst, actions: ["account_settings*"], limit: 9)).isEmpty)
    }

    /// No number twice, and no row twice.
    private func aLinkHasOnePlace(_ book: Book, _ whole: [AuditedRecord]) async throws {
        let (first, last) = (whole[0].entry, whole[2].entry)
        for number in [last.number, last.number + 1] {
            let again = AuditEntry(book: book, number: number, source: first.source, hash: first.hash)
            do {
                try await insert([.auditEntry(again)])
                Issue.record("an entry was written twice")
            } catch .constraint {
                #expect(try await store.auditHead(of: book)?.number == last.number)
            }
        }
    }
}
