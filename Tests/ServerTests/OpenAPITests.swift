import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import Storage
import TestSupport
import Testing

/// The documents, held against the tables by which requests are served.
@Suite struct OpenAPITests {
    private static let names = Catalog.dialects.map(\.name)

    @Test(arguments: names)
    func `each route is described, and nothing else`(name: String) throws {
        let (dialect, document) = try described(name)
        let open = Set(dialect.openRoutes.map { "\($0.method.rawValue) \($0.path)" })
        let served = Set(dialect.routes.map { "\($0.method.rawValue) \($0.path)" }).union(open)
        var told: Set<String> = []
        for server in try #require(document["servers"]?.array) {
            let base = try #require(server["url"]?.string)
            #expect(base == "/\(name)" || base.hasPrefix("/\(name)/"))
            for operation in document.operations {
                told.insert("\(operation.method) \(base.dropFirst(name.count + 1))\(operation.path)")
            }
        }
        #expect(told == served)
    }

    @Test(arguments: names)
    func `each operation can be read by people`(name: String) throws {
        let (_, document) = try described(name)
        var names: Set<String> = []
        let tags = Set(document["tags"]?.array?.compactMap { $0["name"]?.string } ?? [])
        for operation in document.operations {
            let place = "\(operation.method) \(operation.path)"
            #expect(operation.value["summary"]?.string?.isEmpty == false, "\(place)")
            let isNew = names.insert(operation.value["operationId"]?.string ?? "").inserted
            #expect(isNew, "\(place)")
            let told = operation.value["tags"]?.array?.compactMap(\.string) ?? []
            #expect(!told.isEmpty && tags.isSuperset(of: told), "\(place)")
            for parameter in operation.parameters(document) {
                #expect(parameter["description"]?.string?.isEmpty == false, "\(place)")
                if parameter["in"]?.string == "path" { #expect(parameter["example"] != nil, "\(place)") }
            }
            if operation.value["requestBody"] != nil {
                let body = operation.value["requestBody"]?["content"]?["application/json"]?["schema"]
                #expect(document.following(body)?["example"] != nil, "\(place) has a body without an example")
            }
        }
    }

    @Test(arguments: names)
    func `each operation but the open ones says how a key is sent`(name: String) throws {
        let (dialect, document) = try described(name)
        let schemes = Set(document["components"]?["securitySchemes"]?.names ?? [])
        let needed = document["security"]?.array?.flatMap { $0.names ?? [] } ?? []
        #expect(!needed.isEmpty && schemes == Set(needed))
        let open = dialect.openRoutes.map(\.path)
        for operation in document.operations {
            let isOpen = open.contains { $0.hasSuffix(operation.path) }
            #expect(operation.value["security"] == (isOpen ? .array([]) : nil), "\(operation.path)")
        }
    }

    @Test(arguments: names)
    func `each status of a refusal is described, and none besides`(name: String) throws {
        let (dialect, document) = try described(name)
        // A wrong method is nobody's operation.
        let answered = Set(refusals.map { dialect.status(of: $0) }).subtracting([405])
        let told = Set(document["components"]?["responses"]?.names ?? [])
        var codes: Set<Int> = []
        var used: Set<String> = []
        for operation in document.operations {
            for code in operation.value["responses"]?.names ?? [] {
                let number = try #require(Int(code))
                guard number >= 400 else { continue }
                codes.insert(number)
                let reference = operation.value["responses"]?[code]?["$ref"]?.string
                used.insert(reference?.split(separator: "/").last.map(String.init) ?? code)
            }
        }
        // What a server may word and no request of this API leads to, such as a stream of an API that has none.
        let unmet: [String: Set<Int>] = ["cari": [501], "collctiv": [501], "stancer": [], "storno": []]
        #expect(codes.subtracting([406]) == answered.subtracting(unmet[name] ?? []))
        #expect(told == used)
    }

    @Test(arguments: names)
    func `what stands for everything that can go wrong stands at each operation`(name: String) throws {
        let (dialect, document) = try described(name)
        let open = dialect.openRoutes.map(\.path)
        for operation in document.operations where !open.contains(where: { $0.hasSuffix(operation.path) }) {
            let told = Set(operation.value["responses"]?.names ?? [])
            let takesBody = ["POST", "PUT", "PATCH"].contains(operation.method)
            var owed: Set<String> = ["401", "403", "429", "500", "503"]
            if takesBody { owed.formUnion(["400", "409", "413"]) }
            let isOffered = told.contains { $0.hasPrefix("2") }
            if operation.path.contains("{"), isOffered { owed.insert("404") }
            let missing = owed.subtracting(told).sorted()
            #expect(missing.isEmpty, "\(operation.method) \(operation.path)")
        }
    }

    @Test func `our own document names the words of the domain`() throws {
        let (_, document) = try described("storno")
        func words(_ path: String...) -> [String] {
            let schema = path.reduce(document["components"]?["schemas"]) { $0?[$1] }
            return schema?["enum"]?.array?.compactMap(\.string) ?? []
        }
        #expect(words("RefundStatus") == RefundStatus.allCases.map(\.rawValue))
        #expect(words("PaymentStatus") == PaymentState.allCases.map(\.rawValue))
        #expect(words("DeliveryState") == DeliveryState.allCases.map(\.rawValue))
        #expect(words("Payment", "properties", "method") == PaymentMethod.allCases.map(\.rawValue))
        #expect(words("Refund", "properties", "kind") == RefundKind.allCases.map(\.rawValue))
        #expect(words("Refund", "properties", "pending_reason") == PendingReason.allCases.map(\.rawValue))
        #expect(words("Failure", "properties", "code") == FailureCode.allCases.map(\.rawValue))
        #expect(words("Attempt", "properties", "leg") == AttemptLeg.allCases.map(\.rawValue))
        #expect(words("Attempt", "properties", "outcome") == AttemptOutcome.allCases.map(\.rawValue))
        #expect(words("Evidence", "properties", "source") == EvidenceSource.allCases.map(\.rawValue))
        #expect(words("Evidence", "properties", "claim") == EvidenceClaim.allCases.map(\.rawValue))
        #expect(words("Dispute", "properties", "stage") == DisputeStage.allCases.map(\.rawValue))
        #expect(words("Dispute", "properties", "status") == DisputeState.allCases.map(\.rawValue))
        #expect(words("DeliveryAttempt", "properties", "outcome") == DeliveryOutcome.allCases.map(\.rawValue))
        #expect(Set(words("APIKeyRequest", "properties", "dialect")) == Set(Self.names))
        #expect(document["info"]?["version"]?.string == Catalog.dialect(named: "storno")?.newestVersion)
    }
}

/// What the server says to everybody.
@Suite struct ReferenceTests {
    @Test(arguments: Catalog.dialects.map(\.name))
    func `a document is served without a key, and kept until it changes`(name: String) async throws {
        try await TestServer.run { server in
            let path = "/openapi/\(name).json"
            let whole = try await server.send(.get, path)
            #expect(whole.status == 200)
            #expect(whole.fields[.contentType] == "application/json")
            #expect(whole.fields[.cacheControl] == "no-cache")
            #expect(try whole.json["openapi"]?.string == "3.1.0")
            let tag = try #require(whole.fields[.eTag])
            let head = try await server.send(.head, path)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.fields[.contentLength] == String(whole.body.count))
            for known in [tag, "W/\(tag)", "\"another\", \(tag)", "*"] {
                let again = try await server.send(.get, path, headers: ["If-None-Match": known])
                #expect(again.status == 304, "\(known)")
                #expect(again.body.isEmpty)
                #expect(again.fields[.eTag] == tag)
            }
            let other = try await server.send(.get, path, headers: ["If-None-Match": "\"another\""])
            #expect(other.body == whole.body)
        }
    }

    @Test(arguments: ["/openapi/storno.json", "/docs", "/docs/apis.json"])
    func `another method is refused with those that are taken`(path: String) async throws {
        try await TestServer.run { server in
            for method in [HTTPRequest.Method.post, .put, .delete, .options] {
                let answer = try await server.send(method, path)
                #expect(answer.status == 405)
                #expect(answer.fields[.allow] == "GET, HEAD")
            }
        }
    }

    @Test func `the page loads nothing from elsewhere and runs nothing inline`() async throws {
        try await TestServer.run { server in
            for path in ["/docs", "/docs/", "/docs/page.css", "/docs/page.js", "/docs/apis.json"] {
                let answer = try await server.send(.get, path)
                #expect(answer.status == 200, "\(path)")
                let policy = try #require(answer.fields[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"))
                #expect(answer.fields[.xContentTypeOptions] == "nosniff")
                #expect(!answer.text.contains("https://") && !answer.text.contains("http://"), "\(path)")
            }
            let page = try await server.send(.get, "/docs").text
            #expect(!page.contains("<style") && !page.contains(" style=") && !page.contains(" on"))
            #expect(page.split(separator: "<script").count == 2)
            #expect(page.contains("<script src=\"/docs/page.js\" defer></script>"))
        }
    }

    @Test func `the page is given keys by a demo alone`() async throws {
        try await TestServer.run { server in
            let apis = try #require(try await server.send(.get, "/docs/apis.json").json.array)
            #expect(apis.compactMap { $0["name"]?.string } == Catalog.dialects.map(\.name))
            #expect(apis.allSatisfy { $0["key"] == .null })
        }
    }
}

// MARK: - A document

private struct Operation {
    let method: String
    let path: String
    let value: JSONValue
    let shared: [JSONValue]

    func parameters(_ document: JSONValue) -> [JSONValue] {
        (shared + (value["parameters"]?.array ?? [])).compactMap { document.following($0) }
    }
}

extension JSONValue {
    fileprivate var operations: [Operation] {
        guard case .object(let paths)? = self["paths"] else { return [] }
        return paths.flatMap { path -> [Operation] in
            guard case .object(let members) = path.value else { return [] }
            let shared = path.value["parameters"]?.array ?? []
            return members.filter { $0.name != "parameters" }
                .map { Operation(method: $0.name.uppercased(), path: path.name, value: $0.value, shared: shared) }
        }
    }

    /// What a reference within the document stands for.
    fileprivate func following(_ value: JSONValue?) -> JSONValue? {
        guard let place = value?["$ref"]?.string else { return value }
        return place.split(separator: "/").dropFirst().reduce(self) { $0?[String($1)] }
    }
}

private func described(_ name: String) throws -> (any Dialect, JSONValue) {
    let dialect = try #require(Catalog.dialect(named: name))
    // As strictly as requests are read: a name that stands there twice is found.
    return (dialect, try JSONReader.read(dialect.document.withUTF8Buffer { Array($0) }))
}

/// One refusal of each kind that can be answered.
private let refusals: [Refusal] = [
    .malformed("because"), .unauthorized, .rateLimited(retryAfterSeconds: 1), .unknownVersion(known: []), .unknownRoute,
    .methodNotAllowed([.get]), .missingScope("a:read"), .bodyTooLarge(limit: 1),
    .invalid(field: "a", reason: "is wrong"), .notOffered("this"), .engine(.notFound(.payment, text: "x")),
    .engine(.idempotencyMismatch), .engine(.idempotencyInProgress), .engine(.pageOutOfReach), .engine(.busy),
    .engine(.storageUnavailable),
    .engine(.keyInvalid), .engine(.fault), .engine(.rejected(.nothingLeft)),
    .engine(.rejected(.exceedsPayment(amount: 1))),
    .engine(.rejected(.paymentChanged(version: 1))), .engine(.rejected(.exceedsRefundable(remaining: 1))),
    .engine(.rejected(.potClosed)), .engine(.rejected(.ownApproval)), .engine(.rejected(.reasonMissing)),
]

extension Dialect {
    fileprivate func status(of refusal: Refusal) -> Int {
        let request = WireRequest(
            method: .get,
            path: RequestPath("/v1/x"),
            query: Query(""),
            fields: [:],
            host: "localhost",
            requestID: "req_test"
        )
        return render(refusal, for: request).status.code
    }
}
