import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

/// `PUT` on a charge: marks that move nothing.
struct LabelTests {
    @Test func `amount and status are labels, the rest stays and updated_at moves`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let created = try await merchant.charge(with: #""description": "Tea""#).json
            let path = "/charges/\(try #require(created["id"]?.string))"
            server.clock.advance(by: .seconds(60))
            let answer = try await merchant.send(
                .put,
                path,
                #"{"amount": 1500, "status": "pending", "currency": "eur"}"#
            )
            #expect(answer.status == 200)
            let labeled = try answer.json
            #expect(labeled.names == created.names)
            #expect(labeled["amount"]?.integer == 1500)
            #expect(labeled["status"]?.string == "pending")
            #expect(labeled["updated_at"]?.string == "2026-01-02T03:05:05")
            for name in created.names ?? [] where !["amount", "status", "updated_at"].contains(name) {
                #expect(labeled[name] == created[name], "\(name)")
            }
            #expect(try await merchant.get(path) == labeled)
            #expect(try await merchant.get("/charges") == .array([labeled]))
        }
    }

    @Test func `each label is set by itself and keeps the other`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/charges/\(try await merchant.charge())"
            _ = try await merchant.send(.put, path, #"{"amount": 700}"#)
            let status = try await merchant.send(.put, path, #"{"status": "failed"}"#).json
            #expect(status["amount"]?.integer == 700)
            #expect(status["status"]?.string == "failed")
            let amount = try await merchant.send(.put, path, #"{"amount": 900, "status": null}"#).json
            #expect(amount["amount"]?.integer == 900)
            #expect(amount["status"]?.string == "failed")
            #expect(amount["provider_type"]?.string == "card")
        }
    }

    @Test(arguments: [
        "{}", #"{"description": "Tea"}"#, #"{"status": null}"#, #"{"status": "canceled"}"#, #"{"status": "Pending"}"#,
        #"{"status": ""}"#, #"{"status": 1}"#, #"{"amount": null, "status": "pending"}"#,
        #"{"amount": "1500"}"#, #"{"amount": 1500, "status": "refunded"}"#,
    ])
    func `neither label, or a wrong one, is 400 and changes nothing`(body: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/charges/\(try await merchant.charge())"
            let before = try await merchant.get(path)
            server.clock.advance(by: .seconds(1))
            try expectRefusal(try await merchant.send(.put, path, body), 400)
            #expect(try await merchant.get(path) == before)
        }
    }

    @Test func `an amount below what was or is being refunded is 400`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            _ = try await merchant.refund(charge, 300)
            try await server.advance(by: .seconds(3))
            _ = try await merchant.refund(charge, 200)
            let path = "/charges/\(charge)"
            try expectRefusal(try await merchant.send(.put, path, #"{"amount": 499}"#), 400, "500")
            #expect(try await merchant.send(.put, path, #"{"amount": 500}"#).json["amount"]?.integer == 500)
        }
    }

    @Test func `refunds go by what was captured, whatever the labels say`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            for body in [#"{"amount": 5000}"#, #"{"amount": 1, "status": "failed"}"#] {
                #expect(try await merchant.send(.put, "/charges/\(charge)", body).status == 200)
            }
            let tooMuch = #"{"charge": "\#(charge)", "amount": 1001}"#
            try expectRefusal(try await merchant.send(.post, "/refunds", tooMuch), 400, "1000")
            _ = try await merchant.refund(charge, 1000)
            let pending = try await merchant.charge(provider: "bank")
            _ = try await merchant.send(.put, "/charges/\(pending)", #"{"status": "succeeded"}"#)
            try expectRefusal(try await merchant.send(.post, "/refunds", #"{"charge": "\#(pending)"}"#), 409)
        }
    }

    @Test func `no other API sees a label`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            _ = try await merchant.send(.put, "/charges/\(charge)", #"{"amount": 1500, "status": "pending"}"#)
            let seen = try await server.engine.payment(merchant.object(.payment, charge), dialect: "stancer")
            #expect(seen.facet == nil)
            #expect(seen.payment.authorized == 1000)
            #expect(seen.payment.captured == 1000)
            #expect(seen.payment.state == .captured)
        }
    }

    @Test func `labels are kept beside the charge's provider, and nothing else is`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge(provider: "mobile")
            let name = try merchant.object(.payment, charge)
            #expect(
                try await server.engine.payment(name, dialect: "cari").facet?.body == #"{"provider_type":"mobile"}"#
            )
            _ = try await merchant.send(.put, "/charges/\(charge)", #"{"status": "failed", "amount": 5, "x": "y"}"#)
            #expect(
                try await server.engine.payment(name, dialect: "cari").facet?.body
                    == #"{"amount":5,"status":"failed","provider_type":"mobile"}"#
            )
        }
    }

    @Test func `an idempotency key means nothing to PUT`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/charges/\(try await merchant.charge())"
            for amount in [1500, 1600] {
                let body = #"{"amount": \#(amount)}"#
                let answer = try await merchant.send(.put, path, body, headers: ["Idempotency-Key": "same"])
                #expect(answer.status == 200)
                #expect(try answer.json["amount"]?.integer == Int64(amount))
            }
        }
    }
}
