import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

/// What belongs to somebody else is answered like what never was.
struct IsolationTests {
    private static let requests: [(HTTPRequest.Method, String, String?)] = [
        (.get, "/charges/{charge}", nil), (.put, "/charges/{charge}", #"{"amount": 1500}"#),
        (.put, "/charges/{charge}", #"{"amount": 1}"#), (.delete, "/charges/{charge}", nil),
        (.post, "/refunds", #"{"charge": "{charge}"}"#),
        (.post, "/refunds", #"{"charge_id": "{charge}", "amount": 1}"#),
        (.post, "/refunds", #"{"charge": "{charge}", "amount": 5000, "currency": "eur"}"#),
        (.get, "/refunds?charge={charge}", nil), (.get, "/refunds/{refund}", nil),
        (.put, "/refunds/{refund}", #"{"status": "canceled"}"#), (.put, "/refunds/{refund}", #"{"status": "failed"}"#),
        (.delete, "/refunds/{refund}", nil),
    ]

    /// The answer to a request with these ids in it, and the same answer with their texts taken out.
    private func answer(
        _ request: (HTTPRequest.Method, String, String?),
        _ charge: String,
        _ refund: String,
        _ merchant: Merchant
    ) async throws -> String {
        func filled(_ text: String) -> String {
            text.replacing("{charge}", with: charge).replacing("{refund}", with: refund)
        }
        let answer = try await merchant.send(request.0, filled(request.1), request.2.map(filled))
        try expectRefusal(answer, 404)
        return [charge, refund].reduce(answer.text) { $1.isEmpty ? $0 : $0.replacing($1, with: "ID") }
    }

    private func compare(
        _ owner: Merchant,
        with stranger: Merchant,
        by requests: [(HTTPRequest.Method, String, String?)] = requests
    ) async throws {
        let charge = try await owner.charge()
        let refund = try await owner.refund(charge, 300)
        let before = try await owner.send(.get, "/charges/\(charge)").text
        for request in requests {
            let theirs = try await answer(request, charge, refund, stranger)
            let unknown = try await answer(
                request,
                "ch_1234567890abcdefghijklmno",
                "re_1234567890abcdefghijklmno",
                stranger
            )
            #expect(theirs == unknown, "\(request)")
        }
        #expect(try await owner.send(.get, "/charges/\(charge)").text == before)
        #expect(try await owner.get("/refunds/\(refund)")["status"]?.string == "pending")
    }

    @Test func `another account's objects are like unknown ones`() async throws {
        try await TestServer.run { server in
            try await compare(Merchant(server), with: Merchant(server, account: "other"))
        }
    }

    /// Live refunds are refused before their charge is looked for, since there is no processor.
    @Test func `test objects are like unknown ones in live mode`() async throws {
        try await TestServer.run { server in
            let requests = Self.requests.filter { $0.0 != .post }
            try await compare(Merchant(server), with: Merchant(server, .live), by: requests)
        }
    }

    @Test func `live charges are like unknown ones in test mode`() async throws {
        try await TestServer.run { server in
            let (live, test) = (try await Merchant(server, .live), try await Merchant(server))
            let charge = try await live.plant()
            for request in Self.requests where !request.1.contains("{refund}") {
                let theirs = try await answer(request, charge, "", test)
                let unknown = try await answer(request, "ch_1234567890abcdefghijklmno", "", test)
                #expect(theirs == unknown, "\(request)")
            }
            #expect(try await live.get("/charges/\(charge)")["amount"]?.integer == 1000)
        }
    }

    @Test(arguments: [
        "charge_id_9", "ch_", "ch_short", "ch_zzzzzzzzzzzzzzzzzzzzzzzzz", "ch_000000000000000000000000A",
        "CH_0000000000000000000000000", "ch_00000000000000000000000000", "%F0%9F%92%B8", "..", "%2F", "%",
    ])
    func `an id that is none is 404`(text: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await merchant.charge()
            try expectRefusal(try await merchant.send(.get, "/charges/\(text)"), 404, "No such charge")
            try expectRefusal(try await merchant.send(.delete, "/charges/\(text)"), 404, "No such charge")
            try expectRefusal(try await merchant.send(.get, "/refunds/\(text)"), 404, "No such refund")
        }
    }

    @Test func `a charge is no refund and a refund no charge`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let refund = try await merchant.refund(charge, 300)
            try expectRefusal(try await merchant.send(.get, "/charges/\(refund)"), 404)
            try expectRefusal(try await merchant.send(.get, "/refunds/\(charge)"), 404)
            let swapped = try await merchant.send(.get, "/refunds/re_\(charge.dropFirst(3))")
            try expectRefusal(swapped, 404)
        }
    }

    @Test func `ids that came from elsewhere are read and written, in the account that has them`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let charge = try await merchant.charge()
            try await merchant.plantAlias("old-charge/1", for: charge)
            let refund = try await merchant.refund("old-charge/1", 300)
            try await merchant.plantAlias("old-refund", for: refund, .refund)
            let read = try await merchant.get("/refunds/old-refund")
            #expect(read["id"]?.string == "old-refund")
            #expect(read["charge"]?.string == "old-charge/1")
            #expect(try await merchant.get("/refunds?charge=old-charge/1") == .array([read]))
            #expect(try await merchant.get("/charges/old-charge%2F1") == merchant.get("/charges/\(charge)"))
            #expect(try await merchant.send(.delete, "/refunds/old-refund").status == 200)
            try expectRefusal(try await stranger.send(.get, "/refunds/old-refund"), 404)
            try expectRefusal(try await stranger.send(.get, "/charges/old-charge%2F1"), 404)
        }
    }
}
