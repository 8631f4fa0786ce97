import DialectKit
import Domain
import Storage
import TestSupport
import Testing

@testable import StancerDialect

struct RefundLifeTests {
    /// The clock starts at 1767323045; the simulated processor takes a second a step.
    @Test func `a refund is sent, then refunded, with the dates of both`() async throws {
        try await withMerchant { merchant in
            let refund = try await merchant.refund(try await merchant.pay(1000), 50)
            var seen: [[JSONValue?]] = []
            for _ in 0..<3 {
                let json = try await merchant.get("/v1/refunds/\(refund)").json
                seen.append([json["status"], json["date_refund"], json["date_bank"]])
                try await merchant.server.advance(by: .seconds(1))
            }
            #expect(
                seen == [
                    ["to_refund", .null, .null],
                    ["refund_sent", .integer(1_767_323_046), .null],
                    ["refunded", .integer(1_767_323_046), .integer(1_767_323_047)],
                ]
            )
        }
    }

    @Test func `above the account's bound a refund is to be sent until somebody approves it`() async throws {
        try await withMerchant { merchant in
            try await merchant.server.set(["approval_above": "100", "undo_window_seconds": "30"])
            let payment = try await merchant.pay(1000)
            let small = try await merchant.refund(payment, 100)
            let large = try await merchant.refund(payment, 101)
            try await merchant.server.advance(by: .seconds(29))
            #expect(try await merchant.get("/v1/refunds/\(small)").json["status"]?.string == "to_refund")
            try await merchant.server.advance(by: .seconds(30))
            #expect(try await merchant.get("/v1/refunds/\(small)").json["status"]?.string == "refunded")
            let waiting = try await merchant.get("/v1/refunds/\(large)").json
            #expect([waiting["status"], waiting["date_refund"]] == ["to_refund", .null])
        }
    }

    /// The simulated processor declines this amount.
    @Test func `a declined refund is not honoured, keeps its date and leaves the payment's list`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(100_000_000)
            let declined = try await merchant.refund(payment, 90_000_001)
            let kept = try await merchant.refund(payment, 10)
            try await merchant.server.advance(by: .seconds(3))
            let refund = try await merchant.get("/v1/refunds/\(declined)").json
            #expect(refund["status"]?.string == "not_honored")
            #expect(refund["date_refund"]?.integer == 1_767_323_046)
            #expect(refund["date_bank"] == .null)
            let shown = try await merchant.get("/v1/checkout/\(payment)").json["refunds"]?.array
            #expect(shown?.map { $0["id"]?.string } == [kept])
            let listed = try await merchant.get("/v1/refunds/").ids("refunds")
            #expect(listed == [declined, kept])
        }
    }

    @Test func `the amount of a refund that was not honoured can be refunded again`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(90_000_001)
            _ = try await merchant.refund(payment)
            try await merchant.server.advance(by: .seconds(3))
            let again = try await merchant.askForRefund(payment, 90_000_000)
            #expect(again.status == 200)
        }
    }

    @Test func `a payment lists its refunds in the order in which they were made`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            var made: [String] = []
            for amount in [300, 100, 200] { made.append(try await merchant.refund(payment, amount)) }
            try await merchant.server.advance(by: .seconds(1))
            let refunds = try await merchant.get("/v1/checkout/\(payment)").json["refunds"]?.array ?? []
            #expect(refunds.compactMap { $0["id"]?.string } == made)
            #expect(refunds.compactMap { $0["amount"]?.integer } == [300, 100, 200])
            let alone = try await merchant.get("/v1/refunds/\(made[0])").json
            #expect(refunds.first == alone)
        }
    }
}

/// Each status of the engine in this API's words; many cannot be reached from outside by will.
struct RefundWordTests {
    private func refund(
        _ status: RefundStatus,
        _ kind: RefundKind = .refund,
        attempts: Int64 = 0,
        sentAt: Int64? = nil,
        succeededAt: Int64? = nil
    ) throws -> Refund {
        let euro = try #require(Currency(code: "EUR"))
        let payment = Payment(
            id: Payment.ID(1),
            book: Book(1),
            createdAt: Moment(seconds: 1),
            state: .captured,
            currency: euro,
            authorized: 100,
            connector: "sandbox",
            connectorAccount: "default",
            origin: "stancer"
        )
        var refund = Refund(
            id: Refund.ID(2),
            book: Book(1),
            payment: payment,
            kind: kind,
            amount: 100,
            createdAt: Moment(seconds: 5),
            status: status,
            reasonCode: nil,
            actor: Actor(.system, "test"),
            requestID: nil,
            origin: "stancer",
            metadata: [:]
        )
        refund.attempts = attempts
        refund.firstSentAt = sentAt.map(Moment.init(seconds:))
        refund.succeededAt = succeededAt.map(Moment.init(seconds:))
        return refund
    }

    private func shown(_ refund: Refund) -> [JSONValue?] {
        let json = Responses(isLive: false).refund(refund, .init())
        return [json["status"], json["date_refund"], json["date_bank"]]
    }

    @Test(arguments: [RefundStatus.awaitingApproval, .queued])
    func `what was never sent is to be refunded`(status: RefundStatus) throws {
        #expect(shown(try refund(status)) == ["to_refund", .null, .null])
    }

    @Test func `the first call in flight has not been sent yet`() throws {
        #expect(shown(try refund(.dispatching, attempts: 1)) == ["to_refund", .null, .null])
    }

    @Test func `what was sent once never reads as to be refunded again`() throws {
        #expect(shown(try refund(.queued, attempts: 1, sentAt: 7)) == ["refund_sent", .integer(7), .null])
        #expect(shown(try refund(.dispatching, attempts: 2, sentAt: 7)) == ["refund_sent", .integer(7), .null])
    }

    @Test(arguments: [RefundStatus.inDoubt, .submitted, .requiresAction, .needsReview])
    func `what the processor may have is sent`(status: RefundStatus) throws {
        #expect(shown(try refund(status, attempts: 1, sentAt: 7)) == ["refund_sent", .integer(7), .null])
    }

    @Test func `what succeeded is refunded`() throws {
        let refund = try refund(.succeeded, attempts: 1, sentAt: 7, succeededAt: 9)
        #expect(shown(refund) == ["refunded", .integer(7), .integer(9)])
    }

    @Test func `what came back is not honoured and keeps its dates`() throws {
        let refund = try refund(.reversed, attempts: 1, sentAt: 7, succeededAt: 9)
        #expect(shown(refund) == ["not_honored", .integer(7), .integer(9)])
    }

    @Test func `what failed is not honoured`() throws {
        #expect(shown(try refund(.failed, attempts: 1, sentAt: 7)) == ["not_honored", .integer(7), .null])
        #expect(shown(try refund(.failed)) == ["not_honored", .null, .null])
    }

    @Test func `what was withdrawn is not honoured`() throws {
        #expect(shown(try refund(.canceled)) == ["not_honored", .null, .null])
    }

    @Test func `an authorization let go has no dates of a bank`() throws {
        let void = try refund(.succeeded, .void, sentAt: 5, succeededAt: 5)
        #expect(shown(void) == ["payment_canceled", .null, .null])
    }

    /// Two clients throw on a status that they do not know.
    @Test func `no other words than the vendor's are used`() throws {
        for status in RefundStatus.allCases {
            let word = shown(try refund(status, attempts: 1, sentAt: 7))[0]?.string
            let known = ["to_refund", "refund_sent", "refunded", "not_honored", "payment_canceled"]
            #expect(known.contains(try #require(word)))
        }
    }
}
