import DialectKit
import TestSupport
import Testing

@Suite struct ApprovalTests {
    private static func run(_ body: @Sendable @escaping (Merchant, String) async throws -> Void) async throws {
        try await Merchant.run { merchant in
            try await merchant.server.set(["approval_above": "0"])
            try await body(merchant, merchant.refund(merchant.payment(), 300))
        }
    }

    @Test func `a refund waits for another key`() async throws {
        try await Self.run { merchant, refund in
            let own = try await merchant.post("/refunds/\(refund)/approve")
            #expect(own.status == 403)
            #expect(try own.code == "own_approval")
            let approver = try await merchant.colleague(scopes: ["refunds:approve"])
            let approved = try await approver.post("/refunds/\(refund)/approve", #"{"note": "seen the receipt"}"#)
            #expect(try approved.json["status"]?.string == "queued")
            #expect(try await approver.post("/refunds/\(refund)/approve").code == "not_awaiting_approval")
        }
    }

    @Test func `a rejection needs a reason`() async throws {
        try await Self.run { merchant, refund in
            for body in [nil, "{}", #"{"note": "  "}"#] {
                let silent = try await merchant.post("/refunds/\(refund)/reject", body)
                #expect(silent.status == 400)
                #expect(try silent.json["param"]?.string == "note")
            }
            let rejected = try await merchant.post("/refunds/\(refund)/reject", #"{"note": "not ours"}"#)
            #expect(try rejected.json["status"]?.string == "canceled")
        }
    }

    @Test func `a key that may only make refunds decides about none`() async throws {
        try await Self.run { merchant, refund in
            let clerk = try await merchant.colleague(scopes: ["refunds:write", "refunds:read"])
            for decision in ["approve", "reject"] {
                let refused = try await clerk.post("/refunds/\(refund)/\(decision)", #"{"note": "x"}"#)
                #expect(refused.status == 403)
                #expect(try refused.code == "missing_scope")
                #expect(try refused.json["scope"]?.string == "refunds:approve")
            }
        }
    }
}
