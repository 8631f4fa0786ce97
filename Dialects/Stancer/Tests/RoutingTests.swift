import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import StancerDialect
import TestSupport
import Testing

struct RoutingTests {
    @Test(arguments: ["/v1/sepa", "/v1/sepa/", "/v1/sepa/sepa_1", "/v2/refunds/", "/v1", "/", "/v1/refunds/a/b"])
    func `an unknown path is not found`(path: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get(path)
            #expect(answer.status == 404)
            #expect(try answer.message?.hasSuffix("in this API") == true)
        }
    }

    @Test(arguments: [
        ("DELETE", "/v1/refunds/refd_1", "GET, HEAD"), ("PATCH", "/v1/refunds/refd_1", "GET, HEAD"),
        ("PUT", "/v1/refunds/", "POST, GET, HEAD"), ("DELETE", "/v1/checkout/paym_1", "GET, HEAD, PATCH"),
        ("POST", "/v1/checkout/paym_1", "GET, HEAD, PATCH"), ("POST", "/v1/disputes", "GET, HEAD"),
        ("POST", "/v1/cards/card_1", "GET, HEAD, PATCH, DELETE"), ("DELETE", "/v1/customers", "POST, GET, HEAD"),
        ("POST", "/v1/payouts", "GET, HEAD"),
    ])
    func `a method that a path does not have is not allowed`(
        method: String,
        path: String,
        allowed: String
    ) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.send(try #require(HTTPRequest.Method(method)), path)
            #expect(answer.status == 405)
            #expect(answer.fields[.allow] == allowed)
            #expect(try answer.message == "\(method) is not allowed here, use one of \(allowed)")
        }
    }

    /// A vendor's test suite asks like that, to see whether anybody is there.
    @Test func `a method in lower case is a client's mistake`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.send(try #require(HTTPRequest.Method("get")), "/v1/cards/?start=1")
            #expect((400..<500).contains(answer.status))
            #expect(answer.status != 401)
        }
    }

    @Test(arguments: ["/v1/refunds", "/v1/checkout", "/v1/customers", "/v1/cards", "/v1/disputes"])
    func `a collection answers with and without its slash`(path: String) async throws {
        try await withMerchant { merchant in
            let with = try await merchant.get(path + "/")
            let without = try await merchant.get(path)
            #expect(with.status == 200)
            #expect(without.status == 200)
            #expect(with.body == without.body)
        }
    }

    @Test func `an item answers with a slash too`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let refund = try await merchant.refund(payment)
            #expect(try await merchant.get("/v1/refunds/\(refund)/").made() == refund)
            #expect(try await merchant.get("/v1/checkout/\(payment)/").made() == payment)
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.send(.head, "/v1/refunds/")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
    }

    @Test func `a body on GET and DELETE is nobody's business`() async throws {
        try await withMerchant { merchant in
            let customer = try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#).made()
            let long = String(repeating: "x", count: 100_000)
            #expect(try await merchant.send(.get, "/v1/customers/\(customer)", long).status == 200)
            #expect(try await merchant.send(.get, "/v1/customers/", #"{"amount":,}"#).status == 200)
            #expect(try await merchant.send(.delete, "/v1/customers/\(customer)", long).status == 204)
        }
    }

    @Test(arguments: ["/v1/refunds/", "/v1/checkout/", "/v1/customers/", "/v1/cards/"])
    func `a body above 64 kB is too large`(path: String) async throws {
        try await withMerchant { merchant in
            let filler = String(repeating: "x", count: 64 * 1024)
            let answer = try await merchant.post(path, #"{"x":"\#(filler)"}"#)
            #expect(answer.status == 413)
            #expect(try answer.message == "The body must not exceed 65536 bytes")
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"])
    func `the body is JSON whatever its content type says`(type: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/customers",
                #"{"email":"a@example.com"}"#,
                headers: ["Content-Type": type]
            )
            #expect(answer.status == 200)
        }
    }

    @Test func `payouts are documented but not offered`() async throws {
        try await withMerchant { merchant in
            for path in ["/v1/payouts/", "/v1/payouts/pout_1", "/v1/payouts/pout_1/refunds"] {
                let answer = try await merchant.get(path)
                #expect(answer.status == 501)
                #expect(try answer.message == "Payouts are not available with a test key on this server")
            }
        }
    }
}

/// Which API a request without the prefix `/stancer` speaks.
struct SelectionTests {
    private func choice(_ path: String, host: String = "localhost", authorization: String? = nil) -> String {
        var fields: HTTPFields = [:]
        fields[.authorization] = authorization
        let request = WireRequest(
            method: .get,
            path: RequestPath(path),
            query: Query(""),
            fields: fields,
            host: host,
            requestID: "req_1"
        )
        return DialectSelection(Catalog.dialects).choose(request, keys: Directory()).dialect.name
    }

    @Test func `the vendor's host speaks this API`() {
        #expect(choice("/v1/refunds", host: "api.stancer.com") == "stancer")
        #expect(choice("/anything", host: "api.stancer.com") == "stancer")
    }

    @Test func `basic credentials speak this API, known or not`() {
        #expect(choice("/v1/refunds", authorization: Merchant.basic("whoever")) == "stancer")
        #expect(choice("/v1/refunds", authorization: "Basic %%%") == "stancer")
    }

    @Test(arguments: [
        "/v1/refunds/", "/v1/checkout", "/v1/checkout/x", "/v1/cards", "/v1/sepa/", "/v1/disputes", "/v1/payouts/x",
        "/v1/refunds/refd_o6Y1oZinbl9lErB24OSQCAKl", "/v1/customers/cust_1", "/x/paym_1", "/card_1", "/v2/sepa_1",
        "/v1/dspt_1",
    ])
    func `a path of this API alone speaks it`(path: String) {
        #expect(choice(path) == "stancer")
    }

    @Test(arguments: ["/v1/refunds", "/v1/customers", "/v1/payments/", "/v1/refunds/522d1dcc", "/checkout", "/charges"])
    func `a path that another API has is left to it`(path: String) {
        #expect(choice(path) != "stancer")
    }

    @Test func `without the prefix the credentials are enough`() async throws {
        try await withMerchant { merchant in
            for path in ["/v1/refunds", "/v1/refunds/", "/v1/customers", "/v1/checkout"] {
                let answer = try await merchant.server.send(.get, path, authorization: merchant.authorization)
                #expect(answer.status == 200)
                #expect(try answer.json["range"] != nil)
            }
        }
    }

    @Test func `the refusal of a path of this API alone has its form`() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.get, "/v1/checkout/")
            #expect(answer.status == 401)
            #expect(try answer.message == "You are not authorized to access that resource")
        }
    }
}
