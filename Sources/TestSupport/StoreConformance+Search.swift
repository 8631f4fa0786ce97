import Domain
import Storage
import Testing

// What is found by its words: the moment it is committed, in its own book, and no longer once it is gone.
extension StoreConformance {
    private func found(
        _ query: String,
        _ kinds: [ObjectKind] = [.refund, .payment, .customer, .dispute, .pot],
        in book: Book? = nil,
        _ narrowing: Search.Narrowing = .none,
        after: UInt128? = nil,
        notBefore: UInt128? = nil,
        limit: Int = 100,
        mostLookedAt: Int = 1000
    ) async throws -> SearchFinding {
        let book = book ?? self.book
        let condition = try SearchQuery(query, idPrefixes: []).condition(book, kinds, .ofTests)
        return try await store.search(
            Search(
                book,
                condition,
                narrowing,
                after: after,
                notBefore: notBefore,
                limit: limit,
                mostLookedAt: mostLookedAt
            )
        )
    }

    private func ids(_ query: String, in book: Book? = nil) async throws -> [UInt128] {
        try await found(query, in: book).objects.map(\.id)
    }

    func whatIsCommittedIsFound() async throws {
        var payment = try payment(1000)
        payment.orderReference = "Order-77/Blue"
        payment.uniqueReference = "UNIQ.1000"
        payment.metadata = ["note": "Été à Paris, ﬁnally", "x": "\" * AND NOT (col:"]
        var refund = refund(1001, of: payment)
        refund.processorReference = "re_9ZX"
        var theirs = try self.payment(1002, in: other)
        theirs.orderReference = "Order-77/Blue"
        try await insert([.payment(payment), .refund(refund), .payment(theirs)])

        for query in ["order", "ORDER-77/blue", "77 blue", "uniq 1000", "ete", "e\u{301}te\u{301}", "PARIS", "finally"]
        {
            #expect(try await ids(query) == [1000], "\(query) is looked for")
        }
        #expect(try await found("blue").objects == [ObjectReference(.payment, 1000)])
        #expect(try await ids("order-77", in: other) == [1002])
        #expect(try await ids("paris", in: other).isEmpty)
        // A refund is found by its payment's id too, newest first.
        #expect(try await ids(SearchWords.digits(of: 1000)) == [1001, 1000])
        #expect(try await ids("re_9") == [1001])
        #expect(try await ids("77 green").isEmpty)
        // Too short for the beginning of a word.
        #expect(try await ids("bl").isEmpty)
        #expect(try await ids("col").isEmpty == false)

        refund.processorReference = "tr_1"
        refund.bankReference = "ARN 74537"
        payment.orderReference = "Order-78"
        let (changedRefund, changedPayment) = (refund, payment)
        var footprint = Footprint()
        footprint.objects = [ObjectName(.refund, 1001, in: book)]
        try await store.transact(footprint) { set in
            set.apply(.update(.payment(changedPayment)))
            set.apply(.update(.refund(changedRefund)))
        }
        #expect(try await ids("re_9zx").isEmpty)
        #expect(try await ids("tr_1") == [1001])
        #expect(try await ids("arn 74537") == [1001])
        #expect(try await ids("blue").isEmpty)
        #expect(try await ids("order-78") == [1000])
    }

    func customersAreFoundAsLongAsTheyAreThere() async throws {
        let person = Person(
            id: id(1100),
            book: book,
            details: PersonDetails(name: "Zoë Quux-Smith", email: "Zoe@Example.COM")
        )
        var customer = Customer(
            id: id(1101),
            book: book,
            createdAt: moment,
            person: person.id,
            externalReference: "crm-5",
            metadata: [:],
            identity: nil,
            emailDigest: nil
        )
        let known = customer
        try await insert([.person(person), .customer(known)])
        for query in ["zoe@example.com", "ZOË", "quux", "smith zoe", "crm-5"] {
            #expect(try await ids(query) == [1101], "\(query) is looked for")
        }
        // Of what is personal only whole words are known.
        for query in ["quu", "zoe@example.co", "example", "zoe@example.com quuz"] {
            #expect(try await ids(query).isEmpty, "\(query) is looked for")
        }
        let renamed = Person(id: id(1102), book: book, details: PersonDetails(name: "Ada Quux"))
        customer.person = renamed.id
        let married = customer
        var footprint = Footprint()
        footprint.objects = [ObjectName(.customer, 1101, in: book)]
        try await store.transact(footprint) { set in
            set.apply(.insert(.person(renamed)))
            set.apply(.update(.customer(married)))
        }
        #expect(try await ids("zoe@example.com").isEmpty)
        #expect(try await ids("ada quux") == [1101])
        customer.deletedAt = moment
        let gone = customer
        try await store.transact(footprint) { set in set.apply(.update(.customer(gone))) }
        #expect(try await ids("ada").isEmpty)
        #expect(try await ids("crm").isEmpty)
    }

    func aSearchIsWalkedAndNarrowed() async throws {
        let payment = try payment(1200)
        let refunds = (UInt128(1201)...1230)
            .map { number -> Refund in
                var refund = refund(number, of: payment, amount: Int64(number))
                refund.metadata = ["lot": "walked"]
                return refund
            }
        try await insert([.payment(payment)] + refunds.map { .refund($0) })
        var walked: [UInt128] = []
        while true {
            let page = try await found("walked", [.refund], after: walked.last, limit: 7).objects.map(\.id)
            walked += page
            if page.count < 7 { break }
        }
        #expect(walked == (1201...1230).reversed().map { UInt128($0) })
        #expect(try await found("walked", notBefore: 1229).objects.map(\.id) == [1230, 1229])
        var filter = Filter<RefundStatus>()
        filter.amount = 1203...1204
        let narrowed = try await found("walked", [.refund], .refunds(filter))
        #expect(narrowed == SearchFinding(objects: [1204, 1203].map { ObjectReference(.refund, $0) }, end: nil))
        // It says where it ended, so that the next look goes on there.
        let short = try await found("walked", [.refund], .refunds(filter), mostLookedAt: 10)
        #expect(short == SearchFinding(objects: [], end: 1221))
        let rest = try await found("walked", [.refund], .refunds(filter), after: 1221, mostLookedAt: 18)
        #expect(
            rest == SearchFinding(objects: [ObjectReference(.refund, 1204), ObjectReference(.refund, 1203)], end: 1203)
        )
        filter.states = [.canceled]
        #expect(try await found("walked", [.refund], .refunds(filter)).objects.isEmpty)
        var paid = Filter<PaymentState>()
        paid.states = [.captured]
        let found = try await found(SearchWords.digits(of: 1200), [.payment], .payments(paid))
        #expect(found.objects == [ObjectReference(.payment, 1200)])
    }

    func aFilteredListIsLookedThroughPieceByPiece() async throws {
        let payment = try payment(1300)
        try await insert(
            [.payment(payment)] + (UInt128(1301)...1330).map { .refund(refund($0, of: payment, amount: Int64($0))) }
        )
        var filter = Filter<RefundStatus>()
        filter.amount = 1305...1306
        let listing = Listing.refunds(
            book,
            payment: payment.id,
            customer: nil,
            pot: nil,
            hiddenIn: "storno",
            matching: filter
        )
        let whole = KeyRange(.newestFirst, limit: 5, mostLookedAt: 1000)
        #expect(try await store.keys(of: listing, in: whole) == [1306, 1305])
        #expect(try await store.key(1000, of: listing, in: whole) == nil)
        let short = KeyRange(.newestFirst, limit: 5, mostLookedAt: 10)
        #expect(try await store.keys(of: listing, in: short).isEmpty)
        #expect(try await store.key(10, of: listing, in: short) == 1321)
        let rest = KeyRange(.newestFirst, after: 1321, limit: 5, mostLookedAt: 20)
        #expect(try await store.keys(of: listing, in: rest) == [1306, 1305])
        let back = KeyRange(.oldestFirst, after: 1301, limit: 1, mostLookedAt: 4)
        #expect(try await store.keys(of: listing, in: back) == [1305])
    }

    func noQueryBreaksASearch() async throws {
        let hostile = [
            "\"", "'", "a\"b", "a* NOT b", "NEAR(a b, 2)", "terms:a", "{terms}:a", "^a", "a AND", "OR", "(((((a",
            "a\u{0}b", "'; DROP TABLE refund; --", "\\", "%_%", "a:*&|!<->b", "\u{FEFF}a", "\u{1F4A9} a",
            String(repeating: "a", count: 500), "日本語 한국어", "İstanbul ß ŒUVRE", "a\u{300}\u{301}\u{302}",
            String(repeating: "e\u{301}", count: 200), "_", "__", "ａｂｃ",
        ]
        for query in hostile {
            do throws(SearchQuery.Fault) {
                _ = try SearchQuery(query, idPrefixes: [])
            } catch {
                continue
            }
            _ = try await found(query)
        }
    }
}
