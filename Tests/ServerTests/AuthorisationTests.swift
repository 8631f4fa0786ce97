import DialectKit
import Domain
import Engine
import Foundation
import HTTPTypes
import Server
import Storage
import TestSupport
import Testing

/// Every route of every API, from the tables by which they are served: what it answers to keys that may not, and to ids that
/// are somebody else's.
@Suite struct AuthorisationTests {
    private static let names = Catalog.dialects.map(\.name)

    @Test(arguments: names)
    func `each route takes only a key of its own API that is one now`(name: String) async throws {
        try await TestServer.run { server in
            let caller = try Caller(server, name)
            let revoked = try await server.key(name)
            _ = try await server.engine.perform(RevokeKey(hash: Directory.hash(of: revoked)))
            let expired = try await server.key(name, expiresAt: server.clock.now.adding(.seconds(1)))
            server.clock.advance(by: .seconds(1))
            await server.engine.refreshDirectory()
            var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
            let unknown = caller.dialect.newKey(.test, random: &random).text
            let other = try await server.key(name == "storno" ? "stancer" : "storno")
            for route in caller.dialect.routes {
                let nobody = try await caller.send(route, key: nil)
                #expect(nobody.status == 401, "\(route.place): \(nobody.text)")
                for key in [unknown, revoked, expired, other] {
                    let answer = try await caller.send(route, key: key)
                    #expect(answer.status == 401, "\(route.place) \(key.prefix(12))")
                    // Not a byte says whether it ever was a key.
                    #expect(answer.anonymous == nobody.anonymous, "\(route.place) \(key.prefix(12))")
                }
            }
        }
    }

    @Test(arguments: names)
    func `each route takes a key with its scope, and none without`(name: String) async throws {
        try await TestServer.run { server in
            let caller = try Caller(server, name)
            let scopes = Set(caller.dialect.routes.map(\.scope))
            for scope in scopes.sorted() {
                // A search shows nothing that the key may not read besides.
                let only = try await server.key(name, scopes: scope == "search:read" ? [scope, "pots:read"] : [scope])
                let without = try await server.key(name, scopes: scopes.subtracting([scope]).union(["another"]))
                for route in caller.dialect.routes where route.scope == scope {
                    let refused = try await caller.send(route, key: without)
                    #expect(refused.status == 403, "\(route.place): \(refused.text)")
                    let taken = try await caller.send(route, key: only)
                    #expect(![401, 403, 405].contains(taken.status), "\(route.place): \(taken.text)")
                }
            }
        }
    }

    @Test(arguments: names)
    func `what is of another account or mode is answered byte for byte like what never was`(name: String) async throws {
        try await TestServer.run(outbound: .scripted()) { server in
            let caller = try Caller(server, name)
            let theirs = try await Belongings.make(server)
            let strangers = [
                try await server.key(name, .test, account: "other"),
                try await server.key(name, .live, account: "owner"),
            ]
            for route in caller.dialect.routes where route.path.contains("{id}") {
                guard let kind = route.kind else {
                    #expect(route.path.hasPrefix("/v1/payouts"), "\(route.place) names a kind of object")
                    continue
                }
                let (known, unknown) = try (caller.text(kind, theirs), caller.text(kind, Belongings.nowhere))
                for key in strangers {
                    let foreign = try await caller.send(route, key: key, id: known)
                    let nothing = try await caller.send(route, key: key, id: unknown)
                    #expect(foreign.status == 404, "\(route.place): \(foreign.text)")
                    #expect(foreign.anonymous(known) == nothing.anonymous(unknown), "\(route.place)")
                }
                // Whoever owns it gets another answer: it is there.
                let owner = try await server.key(name, account: "owner")
                if route.method == .get {
                    let own = try await caller.send(route, key: owner, id: known)
                    #expect(own.status == 200, "\(route.place): \(own.text)")
                }
            }
        }
    }

    @Test(arguments: names)
    func `without a key only open routes are answered`(name: String) async throws {
        try await TestServer.run { server in
            let caller = try Caller(server, name)
            let open = caller.dialect.openRoutes.map { "\($0.method) \($0.path)" }
            #expect(open == (name == "storno" ? ["GET /v1/errors/{code}"] : []))
        }
    }

    // MARK: - The page

    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/reference/authorisation.md")

    @Test func `the page says what each route needs`() throws {
        var text = """
            # What each route needs

            From the tables by which requests are served; a test holds this page against them, and writes it anew where
            `STORNO_RECORD=1` is set. A key without scopes has all of its API's. A route cannot be written down without a scope.

            Before a route is looked for: no key, an unknown, revoked or expired one, or one of another API, is 401, always in the
            same bytes. Then an unknown path is 404, an unknown method 405, a missing scope 403; an id of another account or mode
            is 404 like one that never was.

            """
        for dialect in Catalog.dialects {
            text += "\n## \(dialect.name)\n\n| method, path | scope |\n|---|---|\n"
            for route in dialect.openRoutes { text += "| `\(route.method) \(route.path)` | no key |\n" }
            for route in dialect.routes { text += "| `\(route.place)` | `\(route.scope)` |\n" }
        }
        if ProcessInfo.processInfo.environment["STORNO_RECORD"] == "1" {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
    }
}

extension Route {
    fileprivate var place: String { "\(method) \(path)" }

    /// What its `{id}` names, as the tables of ids below know it.
    fileprivate var kind: String? {
        let collections = [
            "charges": "payment", "payments": "payment", "checkout": "payment", "refunds": "refund", "pots": "pot",
            "customers": "customer", "cards": "card", "disputes": "dispute", "events": "event", "api_keys": "api_key",
            "webhook_endpoints": "webhook_endpoint", "deliveries": "delivery",
        ]
        return path.split(separator: "/").lazy.compactMap { collections[String($0)] }.first
    }

    /// What it takes, so that the id in its path is what decides.
    fileprivate var body: String? {
        switch (method, path.split(separator: "/").last.map(String.init)) {
        case (.get, _), (.delete, _): nil
        case (.put, _) where path.contains("refunds"): #"{"status": "canceled"}"#
        case (.put, _): #"{"amount": 1500}"#
        case (.patch, _) where path.contains("checkout") || path.contains("webhook"): #"{"description": "Another"}"#
        case (_, "replay"): #"{"created_from": "2026-01-01T00:00:00Z"}"#
        case (.patch, _): #"{"name": "Jo Doe"}"#
        case (_, "reject"): #"{"note": "n"}"#
        default: "{}"
        }
    }
}

/// Asks one API, in its way to send keys.
private struct Caller {
    let server: TestServer
    let dialect: any Dialect

    init(_ server: TestServer, _ name: String) throws {
        self.server = server
        dialect = try #require(Catalog.dialect(named: name))
    }

    func send(_ route: Route, key: String?, id: String = "unknown") async throws -> TestAnswer {
        let path = route.path.replacing("{id}", with: id).replacing("{part}", with: "x")
        let isBearer = dialect.credential(in: .basic(user: key ?? "", password: "")) == nil || dialect.name == "storno"
        let field = key.map { isBearer ? "Bearer \($0)" : "Basic \(Data("\($0):".utf8).base64EncodedString())" }
        return try await server.send(
            route.method,
            "/\(dialect.name)\(path)",
            authorization: field,
            headers: ["Host": "localhost"],
            body: route.body
        )
    }

    /// An object's id as this API writes it.
    func text(_ kind: String, _ belongings: Belongings) throws -> String {
        if kind == "api_key" { return belongings.key }
        if kind == "event" { return "evt_\(try text("refund", belongings))_1" }
        let object = try #require(ObjectKind(rawValue: kind))
        let id = try #require(belongings.ids[object])
        let text = try Self.form(dialect.name, object, id)
        #expect(dialect.id(object, text) == id, "\(dialect.name) \(kind)")
        return text
    }

    private static func form(_ dialect: String, _ kind: ObjectKind, _ id: UInt128) throws -> String {
        func text(_ prefixes: [ObjectKind: String], _ alphabet: String, _ length: Int) throws -> String {
            IdentifierText(prefix: try #require(prefixes[kind]), alphabet: alphabet, length: length).text(id)
        }
        switch dialect {
        case "cari": return try text([.payment: "ch_", .refund: "re_"], IdentifierText.base36, 25)
        case "stancer":
            let prefixes: [ObjectKind: String] = [
                .payment: "paym_", .refund: "refd_", .customer: "cust_", .card: "card_", .dispute: "dspt_",
            ]
            return try text(prefixes, IdentifierText.base62, 24)
        case "storno":
            let prefixes: [ObjectKind: String] = [
                .payment: "pay_", .refund: "ref_", .customer: "cus_", .pot: "pot_", .dispute: "dis_",
                .webhookEndpoint: "we_", .delivery: "del_",
            ]
            return try text(prefixes, IdentifierText.base36, 25)
        default:
            return withUnsafeBytes(of: id.bigEndian) { bytes in
                NSUUID(uuidBytes: Array(bytes)).uuidString.lowercased()
            }
        }
    }
}

/// One of everything, in test mode of the account `owner`.
private struct Belongings {
    var ids: [ObjectKind: UInt128]
    let key: String

    /// Ids of the same form that name nothing.
    static let nowhere = Belongings(
        ids: Dictionary(uniqueKeysWithValues: ObjectKind.allCases.map { ($0, 0x0123_4567_89ab_cdef_0123_4567) }),
        key: "key_0123456789abcdefghijklmno"
    )

    /// - Returns: what the API calls the new object, and its number.
    private static func made(
        _ server: TestServer,
        _ kind: ObjectKind,
        _ path: String,
        _ body: String,
        by key: String
    ) async throws -> (String, UInt128) {
        let answer = try await server.send(
            .post,
            path,
            authorization: key,
            headers: ["Host": "localhost"],
            body: body
        )
        let json = try answer.json
        let text = try #require(json["id"]?.string)
        let dialect = try #require(Catalog.dialect(named: String(path.split(separator: "/")[0])))
        let id = try #require(dialect.id(kind, text))
        return (text, id)
    }

    static func make(_ server: TestServer) async throws -> Belongings {
        let ownKey = try await server.key("storno", account: "owner")
        let own = "Bearer \(ownKey)"
        let vendorKey = try await server.key("stancer", account: "owner")
        let vendors = Data("\(vendorKey):".utf8).base64EncodedString()
        let money = #"{"amount": 1000, "currency": "EUR"}"#
        let (payment, paymentID) = try await made(server, .payment, "/storno/v1/payments", money, by: own)
        let part = #"{"payment": "\#(payment)", "amount": 3}"#
        let refund = try await made(server, .refund, "/storno/v1/refunds", part, by: own)
        let customer = try await made(server, .customer, "/storno/v1/customers", #"{"name": "Jo Doe"}"#, by: own)
        let pot = try await made(server, .pot, "/storno/v1/pots", #"{"name": "Pot", "currency": "EUR"}"#, by: own)
        let card = try await made(
            server,
            .card,
            "/stancer/v1/cards",
            #"{"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}"#,
            by: "Basic \(vendors)"
        )
        let hook = #"{"url": "https://hooks.example.com/"}"#
        let (endpoint, endpointID) = try await made(
            server,
            .webhookEndpoint,
            "/storno/v1/webhook_endpoints",
            hook,
            by: own
        )
        let place = "/storno/v1/webhook_endpoints/\(endpoint)"
        let host = ["Host": "localhost"]
        _ = try await server.send(.post, "\(place)/ping", authorization: own, headers: host, body: "{}")
        let book = try #require(server.engine.directory.key(for: ownKey)).book
        try await server.deliver(eventsOf: book)
        let told = try await server.send(.get, "\(place)/deliveries", authorization: own, headers: host)
        let delivery = try #require(told.json["data"]?.array?.first?["id"]?.string)
        let storno = try #require(Catalog.dialect(named: "storno"))
        let dispute = try await server.engine.perform(
            OpenDispute(
                origin: Origin(book: book, actor: Actor(.operator, "ada"), requestID: nil, dialect: "storno"),
                payment: ObjectName(.payment, paymentID, in: book),
                amount: try #require(Amount(minorUnits: 5))
            )
        )
        let key = try #require(server.engine.directory.key(for: ownKey)).name
        return Belongings(
            ids: [
                .payment: paymentID, .refund: refund.1, .customer: customer.1, .pot: pot.1, .card: card.1,
                .dispute: dispute.id.raw, .webhookEndpoint: endpointID,
                .delivery: try #require(storno.id(.delivery, delivery)),
            ],
            key: key
        )
    }
}

extension TestAnswer {
    /// The body without what names the request.
    fileprivate var anonymous: String {
        text.replacing(fields[.requestID] ?? "-", with: "REQUEST")
    }

    fileprivate func anonymous(_ id: String) -> String { anonymous.replacing(id, with: "ID") }
}
