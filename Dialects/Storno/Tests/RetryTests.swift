import DialectKit
import TestSupport
import Testing

@Suite struct RetryTests {
    @Test func `a refund that did not happen is retried once`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let refund = try await merchant.refund(payment, 300, #", "metadata": {"scenario": "declined"}"#)
            let early = try await merchant.post("/refunds/\(refund)/retry")
            #expect(early.status == 409)
            #expect(try early.code == "not_retryable")
            try await merchant.server.advance(by: .seconds(30))
            #expect(try await merchant.get("/refunds/\(refund)").json["status"]?.string == "failed")
            let retry = try await merchant.post("/refunds/\(refund)/retry")
            #expect(try retry.json["retry_of"]?.string == refund)
            #expect(try retry.json["amount"]?.integer == 300)
            let twice = try await merchant.post("/refunds/\(refund)/retry")
            #expect(twice.status == 409)
            #expect(try twice.code == "already_retried")
            #expect(try twice.json["refund"]?.string == retry.id)
        }
    }

    @Test func `many who retry at once make one refund`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 300)
            _ = try await merchant.post("/refunds/\(refund)/cancel")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await merchant.post("/refunds/\(refund)/retry").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 409, count: 7))
        }
    }
}
