import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import Storage
import TestSupport
import Testing

/// A merchant at a server: a key, and what is done with it.
struct Merchant: Sendable {
    let server: TestServer
    let key: String

    init(
        _ server: TestServer,
        _ mode: Mode = .test,
        account: String = "main",
        scopes: Set<String> = []
    ) async throws {
        self.server = server
        key = try await server.key("collctiv", mode, account: account, scopes: scopes)
    }

    var book: Book {
        get throws { try #require(server.engine.directory.key(for: key)).book }
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await server.send(method, path, authorization: "Bearer \(key)", headers: headers, body: body)
    }

    func get(_ path: String, at location: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        let answer = try await send(.get, path)
        #expect(answer.status == 200, "\(path): \(answer.text)", sourceLocation: location)
        return try answer.json
    }

    /// - Returns: what was made.
    func post(
        _ path: String,
        _ body: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await send(.post, path, body)
        try #require(answer.status == 200, "\(path): \(answer.text)", sourceLocation: location)
        return try answer.json
    }
}

// MARK: - Things to refund

extension Merchant {
    /// - Returns: the new customer's id.
    func customer(_ email: String = "owner@example.com") async throws -> String {
        let body = #"{"first_name": "Olive", "last_name": "Owner", "email": "\#(email)"}"#
        return try #require(try await post("/v1/customers", body)["id"]?.string)
    }

    /// - Returns: the new pot's id.
    func pot(_ currency: String = "GBP", of owner: String? = nil) async throws -> String {
        var known = owner
        if known == nil { known = try await customer() }
        let customer = try #require(known)
        let body = #"{"name": "Wedding Pot", "currency": "\#(currency)", "customer": "\#(customer)"}"#
        return try #require(try await post("/v1/pots", body)["id"]?.string)
    }

    /// - Returns: the new payment's id.
    func payment(_ amount: Int64 = 2100, pot: String? = nil, email: String = "pat@example.com") async throws -> String {
        var known = pot
        if known == nil { known = try await self.pot() }
        let body = Self.paymentBody(amount, pot: try #require(known), email: email)
        return try #require(try await post("/v1/payments", body)["id"]?.string)
    }

    /// - Parameter more: further members, each behind a comma.
    static func paymentBody(
        _ amount: Int64 = 2100,
        pot: String,
        email: String = "pat@example.com",
        more: String = ""
    ) -> String {
        """
        {"amount": \(amount), "pot": "\(pot)", "billing_details": {"name": "Pat Payer", "email": "\(email)"}\(more)}
        """
    }

    /// - Parameter more: further members, each behind a comma.
    static func refundBody(_ amount: Int64 = 1000, of payment: String, more: String = "") -> String {
        #"{"amount": \#(amount), "payment": "\#(payment)", "reason": {"code": "customer_requested"}\#(more)}"#
    }

    func askRefund(_ amount: Int64 = 1000, of payment: String, more: String = "") async throws -> TestAnswer {
        try await send(.post, "/v1/refunds", Self.refundBody(amount, of: payment, more: more))
    }

    /// - Returns: the new refund's id.
    func refund(
        _ amount: Int64 = 1000,
        of payment: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let refund = try await post("/v1/refunds", Self.refundBody(amount, of: payment), at: location)
        return try #require(refund["id"]?.string)
    }

    func paymentStatus(_ payment: String) async throws -> String? {
        try await get("/v1/payments/\(payment)")["status"]?.string
    }

    func refundStatus(_ refund: String) async throws -> String? {
        try await get("/v1/refunds/\(refund)")["status"]?.string
    }

    func balance(_ pot: String) async throws -> Int64? { try await get("/v1/pots/\(pot)")["balance"]?.integer }

    /// The ids on a page of a list.
    func ids(_ path: String) async throws -> [String] {
        try #require(try await get(path)["data"]?.array).compactMap { $0["id"]?.string }
    }

    func name(_ kind: ObjectKind, _ id: String) throws -> ObjectName {
        ObjectName(kind, try #require(UUIDText.id(id)), in: try book)
    }

    /// Gives an object an id that came from elsewhere.
    func alias(_ text: String, for id: String, _ kind: ObjectKind) async throws {
        let spelling = Spelling(dialect: "collctiv", text: text)
        _ = try await server.engine.perform(AddAlias(object: name(kind, id), spelling: spelling))
    }
}

/// An id that nothing has.
let unknownID = "00000000-0000-4000-8000-000000000000"

/// Checks that an answer is a refusal in Collctiv's flat form.
func expectRefusal(
    _ answer: TestAnswer,
    _ status: Int,
    _ words: String = "",
    at location: SourceLocation = #_sourceLocation
) throws {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
    #expect(answer.fields[.contentType] == "application/json", sourceLocation: location)
    let body = try answer.json
    #expect(body.names == ["type", "code", "message"], sourceLocation: location)
    #expect(body["type"]?.string == (status < 500 ? "invalid_request" : "api_error"), sourceLocation: location)
    #expect(body["code"]?.integer == Int64(status), sourceLocation: location)
    let message = try #require(body["message"]?.string, sourceLocation: location)
    #expect(!message.isEmpty && message.contains(words), "\(message)", sourceLocation: location)
}
