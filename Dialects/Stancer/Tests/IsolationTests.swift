import DialectKit
import Domain
import Engine
import HTTPTypes
import Rows
import Storage
import TestSupport
import Testing

@testable import StancerDialect

/// Accounts and modes never see each other; APIs of one account and mode do.
struct IsolationTests {
    /// Every way to name an object, each answered as if there were none.
    private func expectUnknown(_ ids: [String: String], to stranger: Merchant) async throws {
        let asked: [(HTTPRequest.Method, String, String, String?)] = [
            (.get, "refund", "/v1/refunds/{id}", nil), (.get, "payment", "/v1/checkout/{id}", nil),
            (.patch, "payment", "/v1/checkout/{id}", #"{"status":"capture"}"#),
            (.get, "customer", "/v1/customers/{id}", nil), (.delete, "customer", "/v1/customers/{id}", nil),
            (.patch, "customer", "/v1/customers/{id}", #"{"name":"Jane"}"#), (.get, "card", "/v1/cards/{id}", nil),
            (.delete, "card", "/v1/cards/{id}", nil), (.patch, "card", "/v1/cards/{id}", #"{"name":"Jane"}"#),
            (.get, "dispute", "/v1/disputes/{id}", nil),
        ]
        for (method, kind, path, body) in asked {
            let id = try #require(ids[kind])
            let unknown = String(id.prefix(5)) + "000000000000000000000001"
            let answer = try await stranger.send(method, path.replacing("{id}", with: id), body)
            let other = try await stranger.send(method, path.replacing("{id}", with: unknown), body)
            #expect(answer.status == 404)
            #expect(answer.text == other.text.replacing(unknown, with: id), "\(method) \(path)")
            #expect(try answer.message == "No such \(kind) \(id)")
        }
        let payment = try #require(ids["payment"])
        let refund = try await stranger.askForRefund(payment)
        #expect(refund.status == (stranger.key.hasPrefix("stest_") ? 404 : 409))
        for (path, member) in [
            ("refunds", "refunds"), ("checkout", "payments"), ("customers", "customers"), ("cards", "cards"),
            ("disputes", "disputes"),
        ] {
            let listed = try await stranger.get("/v1/\(path)/").ids(member)
            #expect(listed.isEmpty)
        }
    }

    private func makeEverything(_ merchant: Merchant) async throws -> [String: String] {
        let disputed = try await merchant.pay(500, with: Merchant.disputedCard)
        let payment = try await merchant.pay(1000, more: #","customer":{"email":"jane@example.com"}"#)
        let json = try await merchant.get("/v1/checkout/\(payment)").json
        let dispute = try await merchant.get("/v1/disputes/").json["disputes"]?.array?.first
        #expect(dispute?["payment"]?.string == disputed)
        return [
            "payment": payment, "refund": try await merchant.refund(payment, 100),
            "customer": try #require(json["customer"]?["id"]?.string),
            "card": try #require(json["card"]?["id"]?.string),
            "dispute": try #require(dispute?["id"]?.string),
        ]
    }

    @Test func `another account's objects are unknown`() async throws {
        try await TestServer.run { server in
            let ids = try await makeEverything(try await Merchant(server))
            try await expectUnknown(ids, to: try await Merchant(server, account: "other"))
        }
    }

    @Test func `the other mode's objects are unknown`() async throws {
        try await TestServer.run { server in
            let ids = try await makeEverything(try await Merchant(server))
            try await expectUnknown(ids, to: try await Merchant(server, .live))
        }
    }

    @Test func `another account's card or customer cannot be paid with`() async throws {
        try await TestServer.run { server in
            let ids = try await makeEverything(try await Merchant(server))
            let stranger = try await Merchant(server, account: "other")
            for kind in ["card", "customer"] {
                let id = try #require(ids[kind])
                let answer = try await stranger.post(
                    "/v1/checkout/",
                    #"{"amount":100,"currency":"eur","\#(kind)":"\#(id)"}"#
                )
                #expect(answer.status == 404)
                #expect(try answer.message == "No such \(kind) \(id)")
            }
        }
    }

    @Test func `two keys of one account and mode see the same`() async throws {
        try await TestServer.run { server in
            let first = try await Merchant(server)
            let second = try await Merchant(server)
            let refund = try await first.refund(try await first.pay(1000))
            #expect(first.key != second.key)
            let read = try await second.get("/v1/refunds/\(refund)")
            #expect(read.status == 200)
        }
    }

    // MARK: - Payments of other APIs

    @Test func `a payment of another API reads as captured by card and can be refunded`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.payElsewhere(1000)
            let json = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(json["status"]?.string == "captured")
            #expect(json["method"]?.string == "card")
            #expect(json["capture"]?.bool == true)
            #expect(json["card"] == .null)
            #expect(json["auth"] == .null)
            #expect(json["currency"]?.string == "usd")
            let refund = try await merchant.askForRefund(payment, 10)
            #expect(refund.status == 200)
            let listed = try await merchant.get("/v1/checkout/").ids("payments")
            #expect(listed == [payment])
        }
    }

    @Test func `a refund of another API is listed and read here`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.payElsewhere(1000)
            let command = CreateRefund(
                origin: try merchant.origin("collctiv"),
                payment: ObjectName(
                    .payment,
                    try #require(ObjectID.payment.id(payment)),
                    in: try merchant.origin("x").book
                ),
                amount: Amount(minorUnits: 40)
            )
            let made = try await merchant.server.engine.perform(command)
            let id = ObjectID.refund.text(made.refund.id.raw)
            let read = try await merchant.get("/v1/refunds/\(id)").json
            #expect(read["payment"]?.string == payment)
            #expect(read["amount"]?.integer == 40)
            let listed = try await merchant.get("/v1/refunds/").ids("refunds")
            #expect(listed == [id])
            let left = try await merchant.askForRefund(payment).json["amount"]?.integer
            #expect(left == 960)
        }
    }

    @Test func `a payment through a bank reads as by card until its API says more`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.payByBank(1000)
            let json = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(json["method"]?.string == "card")
            #expect(json["status"]?.string == "capture_sent")
        }
    }

    @Test func `a name that another API has in two parts is one here`() async throws {
        try await withMerchant { merchant in
            let person = PersonDetails(firstName: "Jane", lastName: "Doe", email: "jane@example.com")
            let draft = CustomerDraft(person: person, externalReference: nil, secrets: merchant.server.engine.secrets)
            let command = CreateCustomer(origin: try merchant.origin("collctiv"), draft: draft, refusesEqual: false)
            let made = try await merchant.server.engine.perform(command)
            let id = ObjectID.customer.text(made.customer.id.raw)
            let json = try await merchant.get("/v1/customers/\(id)").json
            #expect(json["name"]?.string == "Jane Doe")
        }
    }
}
