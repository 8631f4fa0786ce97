import Domain
import Foundation
import Storage
import Testing

/// Facts from outside and what the journal adds up to.
extension StoreConformance {
    func dispute(_ number: UInt128, of payment: Payment, reference: String?) -> Dispute {
        Dispute(
            id: id(number),
            book: payment.book,
            payment: payment.id,
            amount: 30,
            currency: payment.currency,
            stage: .chargeback,
            state: .open,
            fundsWithdrawn: true,
            openedAt: moment,
            reference: reference,
            response: "45"
        )
    }

    func contestedPaymentsBringEverything() async throws {
        let payment = try payment(900)
        let (first, second) = (refund(901, of: payment), refund(902, of: payment))
        let fact = Evidence(
            id: id(903),
            book: book,
            refund: second.id,
            attempt: nil,
            source: .inquiry,
            claim: .succeeded,
            arrivedAt: moment
        )
        let dispute = dispute(904, of: payment, reference: "dp")
        try await insert([.payment(payment), .refund(first), .refund(second), .evidence(fact), .dispute(dispute)])
        var footprint = Footprint()
        footprint.contested = [ObjectName(.payment, 900, in: book)]
        let (paymentID, refundID) = (payment.id, second.id)
        let (refunds, disputes, facts) = try await store.transact(footprint) { set in
            (set.refunds(of: paymentID), set.disputes(of: paymentID), set.evidence(of: refundID))
        }
        #expect(refunds == [first, second])
        #expect(disputes == [dispute])
        #expect(facts == [fact])
        var closed = dispute
        closed.state = .won
        closed.amount = 40
        closed.closedAt = moment
        closed.version = 2
        let end = closed
        try await store.transact(footprint) { set in set.apply(.update(.dispute(end))) }
        #expect(try await store.disputes([dispute.id], in: book).map(\.dispute) == [end])
    }

    func foundRefundsComeAlone() async throws {
        let payment = try payment(920)
        let (own, retried) = (refund(921, of: payment), refund(922, of: payment, kind: .manual))
        let external = (0..<3)
            .map { number in
                var refund = refund(923 + UInt128(number), of: payment, kind: .external)
                refund.processorReference = "ref\(number)"
                return refund
            }
        let evidence = Evidence(
            id: id(930),
            book: book,
            refund: own.id,
            attempt: nil,
            source: .reply,
            claim: .accepted,
            processorReference: "ref7",
            arrivedAt: moment
        )
        let alias = Alias(
            book: book,
            spelling: Spelling(dialect: "cari", text: "found"),
            object: ObjectReference(.payment, payment.id.raw)
        )
        let rows = [own, retried] + external
        try await insert([.payment(payment)] + rows.map { .refund($0) } + [.evidence(evidence), .alias(alias)])
        let name = ObjectName(.payment, id: nil, spelling: alias.spelling, in: book)
        let stranger = ObjectName(.payment, id: nil, spelling: alias.spelling, in: other)
        var footprint = Footprint()
        footprint.found = [
            RefundFinding(of: name, reference: "ref1"), RefundFinding(of: name, reference: "ref9"),
            RefundFinding(of: stranger, reference: "ref1"),
        ]
        let set = try await store.transact(footprint) { $0 }
        #expect(set.payment(name) == payment && set.payment(stranger) == nil)
        #expect(set.ownRefunds(of: payment.id) == [own, retried])
        #expect(set.evidence(of: own.id) == [evidence])
        #expect(set.externalRefund(of: payment.id, reference: "ref1") == external[1])
        #expect(set.externalRefund(of: payment.id, reference: "ref9") == nil)
        #expect(set.refunds.all.count == 3)
        // What is made later in the transaction is found as well.
        var later = refund(931, of: payment, kind: .external)
        later.processorReference = "ref9"
        let made = later
        let found = try await store.transact(footprint) { set in
            set.apply(.insert(.refund(made)))
            return set.externalRefund(of: payment.id, reference: "ref9")
        }
        #expect(found == made)
    }

    func factsAreKnownOnce() async throws {
        let payment = try payment(910)
        try await insert([.payment(payment), .dispute(dispute(911, of: payment, reference: "dp"))])
        await #expect(throws: StoreFailure.self) {
            try await insert([.dispute(dispute(912, of: payment, reference: "dp"))])
        }
        try await insert([.dispute(dispute(913, of: payment, reference: nil))])
        try await insert([.dispute(dispute(914, of: payment, reference: nil))])
    }

    func entry(
        _ book: Book,
        _ posting: Posting?,
        _ amount: Int64,
        _ currency: Currency,
        _ sequence: Int64
    ) throws -> WorkingRow {
        .entry(
            LedgerEntry(
                book: book,
                posting: try #require(posting),
                amount: amount,
                currency: currency,
                cause: ObjectReference(.payment, 950),
                sequence: sequence,
                bookedAt: moment
            )
        )
    }

    func theJournalAddsUp() async throws {
        let euro = try #require(Currency(code: "EUR"))
        let yen = try #require(Currency(code: "JPY"))
        let rules = PostingRules()
        #expect(try await store.totals(of: book).isEmpty)
        try await insert([
            try entry(book, rules.captured(), 500, euro, 1),
            try entry(book, rules.refund(nil, .reserved), 200, euro, 2),
            try entry(book, rules.refund(.reserved, .spent), 200, euro, 3),
            try entry(book, rules.captured(), 7, yen, 4),
            try entry(other, rules.captured(), 90, euro, 1),
        ])
        let mine = TrialBalance.group(try await store.totals(of: book))
        #expect(mine.map(\.currency) == [euro, yen])
        let totals = mine.first?.totals ?? []
        #expect(totals.map(\.account) == [.processorFunds, .merchantBalance, .refundsReserved])
        #expect(totals.map(\.debit) == [500, 200, 200])
        #expect(totals.map(\.credit) == [200, 500, 200])
        #expect(totals.map(\.balance) == [300, 300, 0])
        let all = TrialBalance.group(try await store.totals(of: nil))
        #expect(all.map(\.book) == [book, book, other])
        #expect(!all.contains { !$0.isBalanced })
    }
}
