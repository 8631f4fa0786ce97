import DialectKit
import Domain
import Foundation
import HTTPTypes
import TestSupport

/// Somebody who uses the API with one key.
struct Merchant: Sendable {
    let server: TestServer
    let key: String

    static let plainCard = "4242424242424242"
    /// Captured at once, so that it can be refunded at once.
    static let capturedCard = "4000000000000077"
    static let disputedCard = "4000000000000259"

    init(
        _ server: TestServer,
        _ mode: Mode = .test,
        account: String = "main",
        scopes: Set<String> = []
    ) async throws {
        self.server = server
        key = try await server.key("stancer", mode, account: account, scopes: scopes)
    }

    static func basic(_ user: String, _ password: String = "") -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    var authorization: String { Self.basic(key) }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await server.send(
            method,
            "/stancer\(path)",
            authorization: authorization,
            headers: headers,
            body: body
        )
    }

    func get(_ path: String) async throws -> TestAnswer { try await send(.get, path) }

    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> TestAnswer {
        try await send(.post, path, body, headers: headers)
    }

    func patch(_ path: String, _ body: String) async throws -> TestAnswer { try await send(.patch, path, body) }

    /// The members of a card in a request.
    static func card(_ number: String, month: Int = 11, year: Int = 2031) -> String {
        #"{"number":"\#(number)","exp_month":\#(month),"exp_year":\#(year),"cvc":"123"}"#
    }

    /// A payment's id.
    func pay(_ amount: Int, with number: String = Merchant.capturedCard, more: String = "") async throws -> String {
        let body = #"{"amount":\#(amount),"currency":"eur","card":\#(Self.card(number))\#(more)}"#
        return try await post("/v1/checkout/", body).made()
    }

    /// A refund's id.
    func refund(_ payment: String, _ amount: Int? = nil) async throws -> String {
        try await askForRefund(payment, amount).made()
    }

    func askForRefund(_ payment: String, _ amount: Int? = nil) async throws -> TestAnswer {
        let amount = amount.map { #","amount":\#($0)"# } ?? ""
        return try await post("/v1/refunds/", #"{"payment":"\#(payment)"\#(amount)}"#)
    }

    func status(of payment: String) async throws -> JSONValue? {
        try await get("/v1/checkout/\(payment)").json["status"]
    }
}

struct Unanswered: Error {
    let status: Int
    let body: String
}

extension TestAnswer {
    /// The id of what was made.
    func made() throws -> String {
        guard status == 200, let id = try json["id"]?.string else { throw Unanswered(status: status, body: text) }
        return id
    }

    /// The message of an error in the vendor's envelope, which has nothing else but the type.
    var message: String? {
        get throws {
            let error = try json["error"]
            guard try json.names == ["error"], error?.names == ["message", "type"],
                error?["type"]?.string == "invalid_request_error"
            else { return nil }
            return error?["message"]?.string
        }
    }

    /// Text and id of an error about something that is there already.
    var conflict: (text: String?, id: String?) {
        get throws {
            let message = try json["error"]?["message"]
            return (message?["error"]?.string, message?["id"]?.string)
        }
    }

    /// The members called `id` of a list, in its order.
    func ids(_ member: String) throws -> [String] { try json[member]?.array?.compactMap { $0["id"]?.string } ?? [] }
}

/// Starts a server with one merchant on it.
func withMerchant(
    on database: TestDatabase = .chosen,
    _ body: @Sendable @escaping (Merchant) async throws -> Void
) async throws {
    try await TestServer.run(on: database) { server in try await body(try await Merchant(server)) }
}
