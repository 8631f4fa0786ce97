import DialectKit
import HTTPTypes
import TestSupport
import Testing

/// Refunds as they are asked for and as they are read.
struct RefundTests {
    @Test func `a refund is pending, with every member of the model and its charge`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            server.clock.advance(by: .seconds(10))
            let answer = try await merchant.send(.post, "/refunds", #"{"charge": "\#(charge)", "amount": 300, "x": 1}"#)
            let id = try #require(try answer.json["id"]?.string)
            #expect(answer.status == 200)
            #expect(id.wholeMatch(of: /re_[0-9a-z]{25}/) != nil)
            #expect(
                answer.text == """
                    {"id":"\(id)","amount":300,"amount_captured":1000,"amount_refunded":0,"currency":"usd",\
                    "status":"pending","created":1767323055,"created_at":"2026-01-02T03:04:15",\
                    "updated_at":"2026-01-02T03:04:15","charge":"\(charge)"}
                    """
            )
            #expect(try await merchant.send(.get, "/refunds/\(id)").body == answer.body)
            #expect(try await merchant.send(.get, "/refunds").text == "[\(answer.text)]")
        }
    }

    @Test func `a refund raises its charge's amount_refunded at once and moves updated_at, not the status`()
        async throws
    {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let before = try await merchant.get("/charges/\(charge)")
            server.clock.advance(by: .seconds(10))
            _ = try await merchant.refund(charge, 300)
            let after = try await merchant.get("/charges/\(charge)")
            #expect(after["amount_refunded"]?.integer == 300)
            #expect(after["updated_at"]?.string == "2026-01-02T03:04:15")
            for name in before.names ?? [] where !["amount_refunded", "updated_at"].contains(name) {
                #expect(after[name] == before[name], "\(name)")
            }
        }
    }

    @Test func `without an amount what is left is refunded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            _ = try await merchant.refund(charge, 300)
            let rest = try await merchant.refund(charge)
            #expect(try await merchant.get("/refunds/\(rest)")["amount"]?.integer == 700)
            #expect(try await merchant.get("/charges/\(charge)")["status"]?.string == "succeeded")
        }
    }

    @Test(arguments: ["/refunds", "/v1/refunds"])
    func `charge_id is another name of charge`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let bodies = [
                #"{"charge_id": "\#(charge)", "amount": 1}"#,
                #"{"charge": "\#(charge)", "charge_id": "\#(charge)", "amount": 1}"#,
                #"{"charge": "\#(charge)", "charge_id": null, "amount": 1}"#,
            ]
            for body in bodies {
                #expect(try await merchant.send(.post, path, body).json["charge"]?.string == charge)
            }
            let differing = #"{"charge": "\#(charge)", "charge_id": "ch_other", "amount": 1}"#
            try expectRefusal(try await merchant.send(.post, path, differing), 400, "charge_id")
        }
    }

    @Test(arguments: [
        (#"{"amount": 1}"#, "charge"), (#"{"charge": null}"#, "charge"), (#"{"charge": ""}"#, "charge"),
        (#"{"charge": 5}"#, "charge"), (#"{"charge": ["x"]}"#, "charge"), (#"{"charge_id": {}}"#, "charge_id"),
        (#"{"charge": "x", "currency": "zzz"}"#, "currency"), (#"{"charge": "x", "currency": 5}"#, "currency"),
        (#"{"charge": "x\u0000"}"#, "charge"),
    ])
    func `a refund without a charge, or with a wrong member, is 400`(body: String, name: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.post, "/refunds", body), 400, name)
        }
    }

    @Test func `a currency that is given has to be the charge's`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            func body(_ currency: String) -> String {
                #"{"charge": "\#(charge)", "amount": 1, "currency": \#(currency)}"#
            }
            for currency in [#""usd""#, #""USD""#, "null"] {
                #expect(try await merchant.send(.post, "/refunds", body(currency)).status == 200)
            }
            try expectRefusal(try await merchant.send(.post, "/refunds", body(#""eur""#)), 400, "usd")
        }
    }

    @Test func `above what was captured is 400, only above what is left is 409`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            func refund(_ amount: Int) async throws -> TestAnswer {
                try await merchant.send(.post, "/refunds", #"{"charge": "\#(charge)", "amount": \#(amount)}"#)
            }
            try expectRefusal(try await refund(1001), 400, "1000")
            #expect(try await refund(700).status == 200)
            try expectRefusal(try await refund(1001), 400, "1000")
            try expectRefusal(try await refund(301), 409, "300")
            #expect(try await refund(300).status == 200)
            try expectRefusal(try await refund(1001), 400, "1000")
            try expectRefusal(try await refund(1), 409, "Nothing is left")
            let rest = try await merchant.send(.post, "/refunds", #"{"charge": "\#(charge)"}"#)
            try expectRefusal(rest, 409, "Nothing is left")
        }
    }

    @Test func `many at once never give back more than was captured`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let body = #"{"charge": "\#(charge)", "amount": 150}"#
                        return try await merchant.send(.post, "/refunds", body).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 6)
            #expect(statuses.filter { $0 == 409 }.count == 34)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 900)
            #expect(try await merchant.get("/refunds").array?.count == 6)
        }
    }
}
