import Domain
import Storage
import Testing

// Books that have a time of their own.

extension StoreConformance {
    private func due(_ kind: DueWork.Kind, of book: Book? = nil) async throws -> [UInt128] {
        let work = DueWork(kind, of: book, at: Moment(seconds: 9_000_000_000), limit: 100)
        var footprint = Footprint()
        footprint.due = [work]
        return try await store.transact(footprint) { $0.due(work) }
    }

    private func set(_ change: @Sendable @escaping (inout BookClock) -> Void) async throws {
        var footprint = Footprint()
        footprint.clocks = [book]
        try await store.transact(footprint) { [book] set in
            var clock = set.clocks[book] ?? BookClock(book: book)
            let isNew = set.clocks[book] == nil
            change(&clock)
            set.apply(isNew ? .insert(.bookClock(clock)) : .update(.bookClock(clock)))
        }
    }

    private func changeRefund(_ number: UInt128, _ change: @Sendable @escaping (inout Refund) -> Void) async throws {
        var footprint = Footprint()
        let name = ObjectName(.refund, number, in: book)
        footprint.objects = [name]
        try await store.transact(footprint) { set in
            guard var refund = set.refund(name) else { return }
            change(&refund)
            set.apply(.update(.refund(refund)))
        }
    }

    /// In an account of its own, so that no other work is found beside.
    static func aBookMayHaveATimeOfItsOwn(_ store: any Store, besides other: Account) async throws {
        let account = Account(number: 77, name: "clocked", createdAt: Moment(seconds: 0))
        try await store.transact(Footprint()) { $0.apply(.insert(.account(account))) }
        let suite = StoreConformance(store: store, book: account.book(.test), other: other.book(.test))
        try await suite.aBookMayHaveATimeOfItsOwn()
    }

    private func aBookMayHaveATimeOfItsOwn() async throws {
        let kind = DueWork.Kind.refundsToSend(connector: "clocked")
        let rows = try clockedRows()
        try await insert(rows)
        #expect(try await store.clock(of: book) == nil)
        #expect(try await store.clockWork().isEmpty)
        #expect(try await due(kind) == [9402, 9404, 9401])
        let frozen = Moment(seconds: 50)
        try await set { $0.freeze(at: frozen) }
        try await whatIsDueIsTheBooksOwn(kind, frozen)
        try await newRowsAreTheBooksOwn(kind)
        try await set { $0.resume(Moment(seconds: 100)) }
        #expect(try await store.clockWork().isEmpty, "it joined the true time")
        #expect(try await due(kind) == [9402, 9404, 9405, 9401])
        #expect(try await due(kind, of: book).isEmpty)
        try await set { clock in
            clock.freeze(at: Moment(seconds: 200))
            clock.resume(Moment(seconds: 150))
        }
        #expect(try await store.clock(of: book)?.moment(Moment(seconds: 160)) == Moment(seconds: 210))
        #expect(try await due(kind) == [9404], "it runs, and is not the true one")
        try await eventsAheadDoNotSayHowLateItIs()
        try await set { $0 = BookClock(book: $0.book) }
        try await theSchemaHoldsClocks()
        // Nothing of this is in the way of what is tested next.
        for number in [9401, 9402, 9405] as [UInt128] { try await changeRefund(number) { $0.dueAt = nil } }
    }

    /// Refunds of this book and of the other one, and a payment, that are due.
    private func clockedRows() throws -> [WorkingRow] {
        var own = try clockedPayment(9400, in: book)
        let others = try clockedPayment(9403, in: other)
        own.dueAt = Moment(seconds: 70)
        var rows: [WorkingRow] = [.payment(own), .payment(others)]
        for (number, payment, seconds) in [(9401, own, 60), (9402, own, 10), (9404, others, 20)]
            as [(UInt128, Payment, Int64)]
        {
            var refund = self.refund(number, of: payment)
            refund.dueAt = Moment(seconds: seconds)
            rows.append(.refund(refund))
        }
        return rows
    }

    /// Of a connector of its own, so that no other work is found beside.
    private func clockedPayment(_ number: UInt128, in book: Book) throws -> Payment {
        var payment = Payment(
            id: id(number),
            book: book,
            createdAt: moment,
            state: .captured,
            currency: try #require(Currency(code: "EUR")),
            authorized: 1000,
            connector: "clocked",
            connectorAccount: "default",
            origin: "storno"
        )
        payment.captured = 1000
        return payment
    }

    private func whatIsDueIsTheBooksOwn(_ kind: DueWork.Kind, _ frozen: Moment) async throws {
        #expect(try await store.clock(of: book)?.frozenAt == frozen)
        #expect(try await due(kind) == [9404])
        #expect(try await due(kind, of: book) == [9402, 9401])
        #expect(try await due(kind, of: other).isEmpty)
        #expect(try await due(.payments, of: book) == [9400])
        #expect(try await !due(.payments).contains(9400))
        #expect(try await store.nextDue(kind) == Moment(seconds: 20))
        #expect(try await store.nextDue(in: book, after: Moment(seconds: 10)) == Moment(seconds: 60))
        #expect(try await store.nextDue(in: book, after: Moment(seconds: 60)) == Moment(seconds: 70))
        #expect(try await store.nextDue(in: book, after: Moment(seconds: 70)) == nil)
        #expect(try await store.nextDue(in: other, after: Moment(seconds: 0)) == nil)
        let work = try await store.clockWork()
        #expect(work.map(\.clock.book) == [book])
        #expect(work.first?.nextDue == Moment(seconds: 10))
    }

    private func newRowsAreTheBooksOwn(_ kind: DueWork.Kind) async throws {
        var footprint = Footprint()
        footprint.objects = [ObjectName(.payment, 9400, in: book)]
        var refund = self.refund(9405, of: try clockedPayment(9400, in: book))
        refund.dueAt = Moment(seconds: 30)
        try await store.transact(footprint) { [refund] set in set.apply(.insert(.refund(refund))) }
        #expect(try await due(kind, of: book) == [9402, 9405, 9401])
        // One that was not due when the clock was set.
        try await changeRefund(9402) { $0.dueAt = nil }
        #expect(try await due(kind, of: book) == [9405, 9401])
        try await changeRefund(9402) { $0.dueAt = Moment(seconds: 15) }
        #expect(try await due(kind, of: book) == [9402, 9405, 9401])
        #expect(try await due(kind) == [9404])
    }

    private func eventsAheadDoNotSayHowLateItIs() async throws {
        let before = try await store.latestMoment()
        var footprint = Footprint()
        footprint.objects = [ObjectName(.payment, 9400, in: book)]
        let truth = (before ?? moment).adding(.seconds(1))
        try await store.transact(footprint) { [book] set in
            set.moment = truth
            let event = Event(
                book: book,
                object: ObjectReference(.payment, 9400),
                sequence: 1,
                type: "payment.captured",
                at: truth.adding(.seconds(1_000_000_000)),
                actor: Actor(.system, "test"),
                requestID: nil,
                part: EventPart([])
            )
            set.apply(.insert(.event(event)))
        }
        #expect(try await store.latestMoment() == truth)
    }

    private func theSchemaHoldsClocks() async throws {
        let live = Book(book.number + 1)
        await #expect(throws: StoreFailure.self) {
            try await store.transact(Footprint()) { $0.apply(.insert(.bookClock(BookClock(book: live)))) }
        }
        let crooked = BookClock(
            book: other,
            frozenAt: Moment(seconds: 1),
            ahead: 5,
            advancingTo: nil,
            holder: nil,
            heldUntil: nil
        )
        await #expect(throws: StoreFailure.self) {
            try await store.transact(Footprint()) { $0.apply(.insert(.bookClock(crooked))) }
        }
    }
}
