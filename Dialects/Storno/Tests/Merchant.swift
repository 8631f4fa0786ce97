import DialectKit
import Domain
import Foundation
import HTTPTypes
import Storage
import TestSupport

/// Somebody with a key of this API, on a server of their own.
struct Merchant: Sendable {
    let server: TestServer
    let key: String

    static func run<Value: Sendable>(
        scopes: Set<String> = [],
        _ body: @Sendable @escaping (Merchant) async throws -> Value
    ) async throws -> Value {
        try await TestServer.run { server in
            try await body(Merchant(server: server, key: server.key("storno", scopes: scopes)))
        }
    }

    /// The same account, by another key.
    func colleague(scopes: Set<String> = []) async throws -> Merchant {
        Merchant(server: server, key: try await server.key("storno", scopes: scopes))
    }

    func get(_ path: String) async throws -> TestAnswer { try await send(.get, path) }

    func post(_ path: String, _ body: String? = nil, once: String? = nil) async throws -> TestAnswer {
        try await send(.post, path, body, once.map { ["Idempotency-Key": $0] } ?? [:])
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        _ headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await server.send(
            method,
            "/storno/v1" + path,
            authorization: "Bearer \(key)",
            headers: headers.merging(["Host": "localhost"]) { $1 },
            body: body
        )
    }

    /// - Returns: the payment's id.
    func payment(_ amount: Int64 = 1000, _ members: String = "") async throws -> String {
        try await post("/payments", #"{"amount": \#(amount), "currency": "EUR"\#(members)}"#).id
    }

    /// - Returns: the refund's id.
    func refund(_ payment: String, _ amount: Int64, _ members: String = "") async throws -> String {
        try await post("/refunds", #"{"payment": "\#(payment)", "amount": \#(amount)\#(members)}"#).id
    }
}

struct NoID: Error {
    let answer: String
}

extension TestAnswer {
    var id: String {
        get throws {
            guard let id = try json["id"]?.string else { throw NoID(answer: text) }
            return id
        }
    }

    /// The items of a list.
    var items: [JSONValue] {
        get throws { try json["data"]?.array ?? [] }
    }

    /// The ids of a list's items.
    var ids: [String] {
        get throws { try items.compactMap { $0["id"]?.string } }
    }

    /// Of a problem.
    var code: String? {
        get throws { try json["code"]?.string }
    }

    var requestID: String? { fields[.requestID] }
}

func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
