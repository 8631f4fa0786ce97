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

    init(_ server: TestServer, key: String) {
        self.server = server
        self.key = key
    }

    init(
        _ server: TestServer,
        _ mode: Mode = .test,
        account: String = "main",
        scopes: Set<String> = []
    ) async throws {
        self.init(server, key: try await server.key("cari", mode, account: account, scopes: scopes))
    }

    /// With a publishable key, of which no command makes any by itself.
    static func publishable(_ server: TestServer, scopes: Set<String> = []) async throws -> Merchant {
        let key = "pk_test_0123456789abcdef0123456789abcdef"
        try await server.addKey(key, dialect: "cari", prefix: "pk_test_", scopes: scopes)
        return Merchant(server, key: key)
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

    func get(_ path: String) async throws -> JSONValue {
        let answer = try await send(.get, path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return try answer.json
    }

    /// - Returns: the new charge's id.
    func charge(_ amount: Int64 = 1000, provider: String = "card", currency: String = "usd") async throws -> String {
        let body = """
            {"amount": \(amount), "currency": "\(currency)", "provider": "\(provider)", "card": {"token": "card_token"}}
            """
        let answer = try await send(.post, "/charges", body)
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(try answer.json["id"]?.string)
    }

    /// - Returns: the new refund's id.
    func refund(_ charge: String, _ amount: Int64? = nil) async throws -> String {
        let amount = amount.map { ", \"amount\": \($0)" } ?? ""
        let answer = try await send(.post, "/refunds", "{\"charge\": \"\(charge)\"\(amount)}")
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(try answer.json["id"]?.string)
    }

    /// - Returns: the answer to a new charge with these members, besides the ones that must be there.
    func charge(with members: String, headers: [String: String] = [:]) async throws -> TestAnswer {
        let body = #"{"amount": 1000, "currency": "usd", "provider": "card", "card": {"token": "t"}, \#(members)}"#
        return try await send(.post, "/charges", body, headers: headers)
    }

    /// What an id of this API stands for.
    func object(_ kind: ObjectKind, _ text: String) throws -> ObjectName {
        let start = try #require(text.lastIndex(of: "_"))
        let alphabet = IdentifierText(
            prefix: String(text[...start]),
            alphabet: IdentifierText.base36,
            length: 25
        )
        return ObjectName(kind, try #require(alphabet.id(text)), in: try book)
    }

    /// Gives an object of this API an id that came from elsewhere.
    @discardableResult
    func plantAlias(_ text: String, for id: String, _ kind: ObjectKind = .payment) async throws -> String {
        let spelling = Spelling(dialect: "cari", text: text)
        _ = try await server.engine.perform(AddAlias(object: object(kind, id), spelling: spelling))
        return text
    }

    /// - Returns: the id, in this API, of a payment that another one made.
    func plant(_ edit: (inout PlantedPayment) -> Void = { _ in }) async throws -> String {
        var command = PlantedPayment(try book)
        edit(&command)
        let id = try await server.engine.perform(command)
        return IdentifierText(prefix: "ch_", alphabet: IdentifierText.base36, length: 25).text(id)
    }
}

extension TestServer {
    func addKey(
        _ text: String,
        dialect: String,
        prefix: String,
        mode: Mode = .test,
        scopes: Set<String> = []
    ) async throws {
        let command = CreateKey(
            account: "main",
            mode: mode,
            dialect: dialect,
            credential: text,
            prefix: prefix,
            scopes: scopes
        )
        _ = try await engine.perform(command)
        try await engine.directory.refresh(from: installation.store)
    }

    func revoke(_ key: String) async throws {
        _ = try await engine.perform(RevokeKey(hash: Directory.hash(of: key)))
        try await engine.directory.refresh(from: installation.store)
    }
}

/// Checks that an answer is a refusal in Cari's flat form.
func expectRefusal(
    _ answer: some Answered,
    _ status: Int,
    _ words: String = "",
    at location: SourceLocation = #_sourceLocation
) throws {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
    let body = try answer.json
    #expect(body.names == ["type", "code", "message"], sourceLocation: location)
    let type = status < 500 ? "invalid_request" : "api_error"
    #expect(body["type"]?.string == type, sourceLocation: location)
    #expect(body["code"]?.integer == Int64(status), sourceLocation: location)
    let message = try #require(body["message"]?.string, sourceLocation: location)
    #expect(!message.isEmpty && message.contains(words), "\(message)", sourceLocation: location)
    #expect(answer.fields[.contentType] == "application/json", sourceLocation: location)
}
