import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

/// Live mode, for which no processor is configured.
struct LiveModeTests {
    @Test func `neither charges nor refunds are made`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server, .live)
            let planted = try await merchant.plant { $0.connector = "acquirer" }
            let card = #"{"amount": 1000, "currency": "usd", "provider": "card", "card": {"token": "t"}}"#
            try expectRefusal(try await merchant.send(.post, "/charges", card), 409, "live mode")
            for body in [#"{"charge": "\#(planted)"}"#, #"{"charge": "\#(planted)", "amount": 1}"#] {
                try expectRefusal(try await merchant.send(.post, "/refunds", body), 409, "live mode")
            }
            #expect(try await merchant.get("/refunds") == .array([]))
            #expect(try await merchant.get("/charges/\(planted)")["amount_refunded"]?.integer == 0)
        }
    }

    @Test func `a charge says which mode it is of`() async throws {
        try await TestServer.run { server in
            let live = try await Merchant(server, .live)
            let test = try await Merchant(server)
            let (ours, theirs) = (try await live.plant(), try await test.charge())
            #expect(try await live.get("/charges/\(ours)")["livemode"]?.bool == true)
            #expect(try await test.get("/charges/\(theirs)")["livemode"]?.bool == false)
        }
    }

    @Test func `what moves no money works in live mode`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server, .live)
            let charge = try await merchant.plant()
            let path = "/charges/\(charge)"
            #expect(try await merchant.send(.put, path, #"{"amount": 1500}"#).status == 200)
            #expect(try await merchant.send(.delete, path).status == 200)
        }
    }
}
