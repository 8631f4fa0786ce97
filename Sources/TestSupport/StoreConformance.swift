import Domain
import Foundation
import Storage
import Testing

/// What every database owes the engine. Each store's tests run all of it.
package struct StoreConformance: Sendable {
    let store: any Store
    let book: Book
    let other: Book
    let moment = Moment(seconds: 1_767_323_045)

    /// - Parameter store: empty.
    package static func check(_ store: any Store) async throws {
        let account = Account(number: 1, name: "main", createdAt: Moment(seconds: 0))
        let second = Account(number: 2, name: "other", createdAt: Moment(seconds: 0))
        try await store.transact(Footprint()) { set in
            set.apply(.insert(.account(account)))
            set.apply(.insert(.account(second)))
        }
        let suite = StoreConformance(store: store, book: account.book(.test), other: second.book(.test))
        try await suite.rowsComeBackAsTheyWere()
        try await suite.booksDoNotMix()
        try await suite.aFailedTransactionLeavesNothing()
        try await suite.theSchemaIsTheLastDefence()
        try await suite.namesAreFoundByIdThenByAlias()
        try await suite.deletedRowsFreeTheirNaturalKeys()
        try await suite.listsWalkInOrder()
        try await suite.dueWorkComesOldestFirst()
        try await suite.timeIsKept()
        try await StoreConformance.aBookMayHaveATimeOfItsOwn(store, besides: second)
        try await suite.notesComeWithWhatTheyAreAbout()
        try await suite.contestedPaymentsBringEverything()
        try await suite.foundRefundsComeAlone()
        try await suite.factsAreKnownOnce()
        try await suite.endpointsComeBackAsTheyWere()
        try await suite.deliveriesStandInLanes()
        try await suite.theJournalAddsUp()
        try await suite.theTrailIsChained()
        try await suite.whatIsCommittedIsFound()
        try await suite.customersAreFoundAsLongAsTheyAreThere()
        try await suite.aSearchIsWalkedAndNarrowed()
        try await suite.aFilteredListIsLookedThroughPieceByPiece()
        try await suite.noQueryBreaksASearch()
    }

    // MARK: - Rows

    func id<Kind>(_ number: UInt128) -> Identifier<Kind> { Identifier(number) }

    func payment(_ number: UInt128, in book: Book? = nil, captured: Int64 = 1000) throws -> Payment {
        var payment = Payment(
            id: id(number),
            book: book ?? self.book,
            createdAt: moment,
            state: .captured,
            currency: try #require(Currency(code: "EUR")),
            authorized: captured,
            connector: "sandbox",
            connectorAccount: "default",
            origin: "storno"
        )
        payment.captured = captured
        return payment
    }

    func refund(
        _ number: UInt128,
        of payment: Payment,
        amount: Int64 = 10,
        kind: RefundKind = .refund
    ) -> Refund {
        Refund(
            id: id(number),
            book: payment.book,
            payment: payment,
            kind: kind,
            amount: amount,
            createdAt: moment,
            status: .queued,
            reasonCode: "r",
            actor: Actor(.key, "k"),
            requestID: "q",
            origin: "storno",
            metadata: ["a": "ü/\"\\"]
        )
    }

    func insert(_ rows: [WorkingRow]) async throws(StoreFailure) {
        try await store.transact(Footprint()) { set in for row in rows { set.apply(.insert(row)) } }
    }

    func load<Value: Sendable>(
        _ name: ObjectName,
        _ read: @Sendable @escaping (WorkingSet) -> Value
    ) async throws -> Value {
        var footprint = Footprint()
        footprint.objects = [name]
        return try await store.transact(footprint) { set in read(set) }
    }

    func rowsComeBackAsTheyWere() async throws {
        var payment = try payment(100)
        payment.method = .card
        payment.orderReference = "o"
        payment.uniqueReference = "u100"
        payment.metadata = ["x": "é", "e\u{301}": "y"]
        payment.dueAt = moment
        payment.reserved = 10
        payment.refundCount = 1
        var refund = refund(101, of: payment)
        refund.failure = RefundFailure(.declined, detail: "d")
        refund.pendingReason = .undoWindow
        refund.dueAt = moment.adding(.seconds(5))
        let attempt = Attempt(
            book: book,
            refund: refund.id,
            number: 1,
            leg: .payer,
            connector: "sandbox",
            processorKey: "pk",
            leaseUntil: moment,
            fencing: 1,
            startedAt: moment
        )
        let fact = Evidence(
            id: id(102),
            book: book,
            refund: refund.id,
            attempt: 1,
            source: .reply,
            claim: .refused,
            amount: 10,
            currency: payment.currency,
            processorReference: "ref",
            failure: RefundFailure(.declined),
            processorTime: moment,
            arrivedAt: moment,
            bodyHash: Digest256(Array(repeating: 1, count: 32))
        )
        try await insert([.payment(payment), .refund(refund), .attempt(attempt), .evidence(fact)])
        let (paymentID, refundID) = (payment.id, refund.id)
        var footprint = Footprint()
        footprint.attempted = [ObjectName(.refund, 101, in: book)]
        let (foundPayment, foundRefund, foundAttempt, foundFacts) = try await store.transact(footprint) { set in
            (
                set.payments[paymentID], set.refunds[refundID], set.newestAttempt(of: refundID),
                set.evidence(of: refundID)
            )
        }
        #expect(foundPayment == payment)
        #expect(foundRefund == refund)
        #expect(foundAttempt == attempt)
        #expect(foundFacts == [fact])
        payment.state = .failed
        payment.reserved = 0
        refund.status = .canceled
        let (changedPayment, changedRefund) = (payment, refund)
        try await store.transact(footprint) { set in
            set.apply(.update(.payment(changedPayment)))
            set.apply(.update(.refund(changedRefund)))
        }
        #expect(try await load(ObjectName(.refund, 101, in: book)) { $0.refunds[refundID] } == changedRefund)
        #expect(try await load(ObjectName(.payment, 100, in: book)) { $0.payments[paymentID] } == changedPayment)
    }

    func booksDoNotMix() async throws {
        try await insert([.payment(try payment(200))])
        #expect(try await load(ObjectName(.payment, 200, in: other)) { $0.payments[Identifier(200)] } == nil)
        #expect(try await store.payments([id(200)], in: other, dialect: "storno").isEmpty)
        #expect(try await store.identify(ObjectName(.payment, 200, in: other)) == nil)
        var both = Footprint()
        let (mine, theirs) = (ObjectName(.payment, 200, in: book), ObjectName(.payment, 200, in: other))
        both.objects = [mine, theirs]
        let (found, leaked) = try await store.transact(both) { ($0.payment(mine) != nil, $0.payment(theirs) != nil) }
        #expect(found && !leaked, "a name of one book finds a row of another in the same batch")
        let foreign = refund(201, of: try payment(200, in: other))
        await #expect(throws: StoreFailure.self) { try await insert([.refund(foreign)]) }
    }

    func aFailedTransactionLeavesNothing() async throws {
        let payment = try payment(300)
        var broken = refund(301, of: payment)
        broken.aliased = false
        let impossible = refund(302, of: try self.payment(999_999))
        await #expect(throws: StoreFailure.self) {
            try await insert([.payment(payment), .refund(broken), .refund(impossible)])
        }
        #expect(try await store.identify(ObjectName(.payment, 300, in: book)) == nil)
    }

    func theSchemaIsTheLastDefence() async throws {
        var payment = try payment(400)
        payment.reserved = 600
        payment.refunded = 401
        let over = payment
        let failure = await #expect(throws: StoreFailure.self) { try await insert([.payment(over)]) }
        if case .constraint = failure {} else { Issue.record("\(String(describing: failure)) is no constraint") }
        payment.refunded = 400
        let (full, twin) = (payment, try self.payment(400))
        try await insert([.payment(full)])
        await #expect(throws: StoreFailure.self) { try await insert([.payment(twin)]) }
    }

    func namesAreFoundByIdThenByAlias() async throws {
        var payment = try payment(500)
        payment.aliased = true
        let spelling = Spelling(dialect: "storno", text: "printed")
        let alias = Alias(book: book, spelling: spelling, object: ObjectReference(.payment, 500))
        try await insert([.payment(payment), .alias(alias)])
        for id in [nil, 77] as [UInt128?] {
            let name = ObjectName(.payment, id: id, spelling: spelling, in: book)
            #expect(try await store.identify(name) == 500)
            #expect(try await load(name) { $0.payment(name)?.id.raw } == 500)
            #expect(try await load(name) { $0.names.text(for: 500, in: "storno") } == "printed")
        }
        let elsewhere = ObjectName(.payment, id: nil, spelling: spelling, in: other)
        #expect(try await store.identify(elsewhere) == nil)
    }

    func deletedRowsFreeTheirNaturalKeys() async throws {
        let digest = Digest256(Array(repeating: 5, count: 32))
        func customer(_ number: UInt128) -> Customer {
            Customer(
                id: id(number),
                book: book,
                createdAt: moment,
                person: nil,
                externalReference: nil,
                metadata: [:],
                identity: digest,
                emailDigest: digest
            )
        }
        let (first, second) = (customer(600), customer(601))
        try await insert([.customer(first)])
        await #expect(throws: StoreFailure.self) { try await insert([.customer(second)]) }
        var gone = first
        gone.deletedAt = moment
        var footprint = Footprint()
        footprint.objects = [ObjectName(.customer, 600, in: book)]
        let tombstone = gone
        try await store.transact(footprint) { set in set.apply(.update(.customer(tombstone))) }
        try await insert([.customer(second)])
        footprint = Footprint()
        footprint.naturalKeys = [.customerIdentity(book, digest)]
        #expect(try await store.transact(footprint) { $0.holder(of: .customerIdentity(book, digest)) } == 601)
        #expect(try await store.customers([first.id, second.id], in: book).map(\.customer.id) == [second.id])
    }

    func listsWalkInOrder() async throws {
        let payment = try payment(700)
        try await insert([.payment(payment)] + (701...720).map { .refund(refund($0, of: payment)) })
        let listing = Listing.refunds(book, payment: payment.id, customer: nil, pot: nil, hiddenIn: "storno")
        let oldest = try await store.keys(of: listing, in: KeyRange(.oldestFirst, limit: 5))
        #expect(oldest == [701, 702, 703, 704, 705])
        let newest = try await store.keys(of: listing, in: KeyRange(.newestFirst, after: 718, limit: 3))
        #expect(newest == [717, 716, 715])
        let bounded = try await store.keys(of: listing, in: KeyRange(.newestFirst, through: 719, limit: 9))
        #expect(bounded == [720, 719])
        let recent = try await store.keys(of: listing, in: KeyRange(.oldestFirst, notBefore: 719, limit: 9))
        #expect(recent == [719, 720])
        let hidden = Facet(
            book: book,
            dialect: "storno",
            object: ObjectReference(.refund, 702),
            body: "{}",
            hiddenAt: moment
        )
        try await insert([.facet(hidden)])
        #expect(try await store.keys(of: listing, in: KeyRange(.oldestFirst, limit: 2)) == [701, 703])
        #expect(try await store.tally(Tally(book, .hiddenRefunds("storno"))) == 1)
    }

    func notesComeWithWhatTheyAreAbout() async throws {
        let payment = try payment(850)
        let refund = refund(851, of: payment)
        let reference = ObjectReference(.refund, 851)
        let note = Note(book: book, object: reference, name: "resolution", text: "seen\non paper")
        try await insert([.payment(payment), .refund(refund), .note(note)])
        var footprint = Footprint()
        footprint.noted = [ObjectName(.refund, 851, in: book)]
        let key = NoteKey(book, reference, "resolution")
        #expect(try await store.transact(footprint) { $0.notes[key] } == note)
    }

    func timeIsKept() async throws {
        let payment = try payment(950)
        try await insert([.payment(payment)])
        let late = Moment(seconds: 5_000_000_000)
        var footprint = Footprint()
        footprint.objects = [ObjectName(.payment, 950, in: book)]
        try await store.transact(footprint) { set in
            set.moment = late
            set.apply(.update(.payment(payment)))
        }
        #expect(try await store.latestMoment() == late, "a turn was set that no event shows")
        #expect(try await store.timeMark(of: "a-b c") == nil)
        for number in 1...2 {
            let mark = TimeMark(
                moment: late,
                boot: "a-b c",
                uptime: Int64(number),
                knownSince: Moment(milliseconds: .min)
            )
            try await store.transact(footprint) { $0.mark = mark }
            #expect(try await store.timeMark(of: "a-b c") == mark)
            #expect(try await store.timeMark(of: "another") == nil)
        }
    }

    func dueWorkComesOldestFirst() async throws {
        let payment = try payment(800)
        var rows: [WorkingRow] = [.payment(payment)]
        for (number, seconds) in [(801, 30), (802, 10), (803, 20), (804, 9999)] as [(UInt128, Int64)] {
            var refund = refund(number, of: payment)
            refund.dueAt = Moment(seconds: seconds)
            rows.append(.refund(refund))
        }
        try await insert(rows)
        #expect(try await store.nextDue(.refundsToSend(connector: "sandbox")) == Moment(seconds: 10))
        let work = DueWork(.refundsToSend(connector: "sandbox"), at: Moment(seconds: 100), limit: 2)
        var footprint = Footprint()
        footprint.due = [work]
        #expect(try await store.transact(footprint) { $0.due(work) } == [802, 803])
    }

    // MARK: - Facts and the journal
}
