import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

/// What becomes of a refund, by the clock and by the merchant.
struct RefundLifeTests {
    @Test func `a refund succeeds by itself, and only then counts as refunded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let path = "/refunds/\(try await merchant.refund(charge, 300))"
            try await server.advance(by: .seconds(1))
            #expect(try await merchant.get(path)["status"]?.string == "pending")
            #expect(try await merchant.get(path)["amount_refunded"]?.integer == 0)
            try await server.advance(by: .seconds(1))
            let done = try await merchant.get(path)
            #expect(done["status"]?.string == "succeeded")
            #expect(done["amount_refunded"]?.integer == 300)
            #expect(done["created_at"]?.string == "2026-01-02T03:04:05")
            #expect(done["updated_at"]?.string == "2026-01-02T03:04:07")
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 300)
        }
    }

    @Test func `a refund that fails gives its amount free`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge(100_000_000)
            let refund = try await merchant.refund(charge, 90_000_001)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 90_000_001)
            try await server.advance(by: .seconds(3))
            let failed = try await merchant.get("/refunds/\(refund)")
            #expect(failed["status"]?.string == "failed")
            #expect(failed["amount_refunded"]?.integer == 0)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 0)
            _ = try await merchant.refund(charge, 100_000_000)
        }
    }

    @Test(
        arguments: [
            (.awaitingApproval, "pending"), (.queued, "pending"), (.dispatching, "pending"), (.inDoubt, "pending"),
            (.submitted, "pending"), (.requiresAction, "pending"), (.needsReview, "pending"),
            (.succeeded, "succeeded"), (.reversed, "failed"), (.failed, "failed"), (.canceled, "canceled"),
        ] as [(RefundStatus, String)]
    )
    func `every status has its word`(status: RefundStatus, word: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let refund = try await merchant.refund(try await merchant.charge(), 300)
            let name = try merchant.object(.refund, refund)
            try await server.engine.perform(PlantedStatus(refund: name, status: status))
            let read = try await merchant.get("/refunds/\(refund)")
            #expect(read["status"]?.string == word)
            #expect(read["amount_refunded"]?.integer == (status == .succeeded ? 300 : 0))
            let same = try await merchant.send(.put, "/refunds/\(refund)", #"{"status": "\#(word)"}"#)
            #expect(same.status == 200)
            #expect(try same.json == read)
        }
    }

    @Test func `DELETE withdraws what nothing was sent for, and it is gone`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let refund = try await merchant.refund(charge, 300)
            let answer = try await merchant.send(.delete, "/refunds/\(refund)")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"message":"Refund deleted successfully"}"#)
            for (method, body) in [(HTTPRequest.Method.get, nil), (.put, #"{"status": "canceled"}"#), (.delete, nil)] {
                let again = try await merchant.send(method, "/refunds/\(refund)", body)
                try expectRefusal(again, 404, "No such refund: \(refund)")
            }
            #expect(try await merchant.get("/refunds") == .array([]))
            #expect(try await merchant.get("/refunds?page=1")["total_items"]?.integer == 0)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 0)
            try await server.advance(by: .seconds(5))
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 0)
            _ = try await merchant.refund(charge, 1000)
        }
    }

    @Test func `once sent a refund can be neither deleted nor canceled`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/refunds/\(try await merchant.refund(try await merchant.charge(), 300))"
            for seconds in [1, 1] as [Int64] {
                try await server.advance(by: .seconds(seconds))
                try expectRefusal(try await merchant.send(.delete, path), 409, "already sent")
                let cancel = try await merchant.send(.put, path, #"{"status": "canceled"}"#)
                try expectRefusal(cancel, 409, "already sent")
            }
            #expect(try await merchant.get(path)["status"]?.string == "succeeded")
        }
    }

    @Test func `above the account's bound a refund stays pending until somebody approves it`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try await server.set(["approval_above": "100"])
            let charge = try await merchant.charge()
            let small = "/refunds/\(try await merchant.refund(charge, 100))"
            let large = "/refunds/\(try await merchant.refund(charge, 101))"
            try await server.advance(by: .seconds(60))
            #expect(try await merchant.get(small)["status"]?.string == "succeeded")
            #expect(try await merchant.get(large)["status"]?.string == "pending")
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 201)
            #expect(try await merchant.send(.put, large, #"{"status": "canceled"}"#).status == 200)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 100)
        }
    }

    @Test func `an account's undo window is the time to change one's mind`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try await server.set(["undo_window_seconds": "30"])
            let charge = try await merchant.charge()
            let first = "/refunds/\(try await merchant.refund(charge, 300))"
            let second = "/refunds/\(try await merchant.refund(charge, 300))"
            try await server.advance(by: .seconds(29))
            #expect(try await merchant.send(.delete, first).status == 200)
            #expect(try await merchant.get(second)["status"]?.string == "pending")
            try await server.advance(by: .seconds(1))
            try expectRefusal(try await merchant.send(.delete, second), 409, "already sent")
            try await server.advance(by: .seconds(1))
            #expect(try await merchant.get(second)["status"]?.string == "succeeded")
        }
    }
}
