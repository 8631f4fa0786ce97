import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import Storage

/// What a dialect's tests bring for the conformance suite: how its API is asked.
package protocol DialectRig: Sendable {
    var dialect: any Dialect { get }

    /// The `Authorization` field that carries a key.
    func authorization(_ key: String) -> String

    /// A request for a refund of so many minor units of a payment, which is named as the API names it.
    func refundRequest(_ amount: Int64, of payment: String) -> RigRequest

    /// A request that reads a refund.
    func readRequest(_ refund: String) -> RigRequest

    /// The refund's id in the answer to either.
    func refundID(in answer: JSONValue) -> String?

    /// A payment's id as the API writes it.
    func text(ofPayment id: Payment.ID) -> String
}

package struct RigRequest: Sendable {
    package let method: HTTPRequest.Method
    package let path: String
    package let body: String?

    package init(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// Something that every dialect owes, in words that say what to do where it is missing.
package struct DialectDuty: Sendable, CustomStringConvertible {
    package let name: String
    private let look: @Sendable (any DialectRig) async throws -> String?

    package var description: String { name }

    init(_ name: String, _ look: @Sendable @escaping (any DialectRig) async throws -> String?) {
        self.name = name
        self.look = look
    }

    /// - Returns: what is still owed; `nil` for nothing.
    package func debt(of rig: any DialectRig) async -> String? {
        do {
            return try await look(rig).map { "\(name): \($0)" }
        } catch {
            return "\(name): it could not be looked at: \(error)"
        }
    }
}

/// The suite that every dialect passes. Run it from the dialect's own tests:
///
///     @Test(arguments: DialectConformance.duties)
///     func `keeps what every API promises`(duty: DialectDuty) async {
///         let debt = await duty.debt(of: Rig())
///         #expect(debt == nil)
///     }
package enum DialectConformance {
    package static let duties = formDuties + answerDuties + refundDuties

    /// What can be seen without asking anything.
    private static let formDuties: [DialectDuty] = [
        DialectDuty("it has a name of its own") { rig in
            let name = rig.dialect.name
            guard name.wholeMatch(of: /[a-z][a-z0-9]{0,39}/) != nil else {
                return "the name is a path's prefix and is kept in rows: 1 to 40 of a-z and 0-9, not `\(name)`"
            }
            let count = Catalog.dialects.count { $0.name == name }
            return count == 1 ? nil : "the catalog has \(count) of that name: it takes one line in Catalog.swift"
        },
        DialectDuty("it has routes, each with a scope") { rig in
            guard !rig.dialect.routes.isEmpty else { return "list them in `routes`" }
            return rig.dialect.routes.first { $0.scope.isEmpty || !$0.path.hasPrefix("/") }
                .map { "\($0.path) begins with / and needs a scope such as refunds:read" }
        },
        DialectDuty("its keys are read as they are sent") { rig in
            var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
            let keys = Mode.allCases.map { rig.dialect.newKey($0, random: &random) }
            guard Set(keys.map(\.prefix)).count == keys.count else { return "keys of test and live begin differently" }
            for key in keys {
                var fields: HTTPFields = [:]
                fields[.authorization] = rig.authorization(key.text)
                guard rig.dialect.credential(in: Credentials(fields)) == key.text else {
                    return "`credential(in:)` gives the key of its own `Authorization` field"
                }
            }
            return nil
        },
        DialectDuty("its ids are read as they are written") { rig in
            let id = Payment.ID(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)
            return rig.dialect.id(.payment, rig.text(ofPayment: id)) == id.raw
                ? nil : "`id(_:_:)` gives the number back that a payment's id was written from"
        },
        DialectDuty("every refusal is worded") { rig in
            let request = WireRequest.sample
            for refusal in Refusal.samples {
                let answer = rig.dialect.render(refusal, for: request)
                guard (400...599).contains(answer.status.code), case .bytes(let body) = answer.body, !body.isEmpty
                else {
                    return "\(refusal) is a status of 4xx or 5xx with a body, not \(answer.status.code)"
                }
            }
            return nil
        },
    ]

    /// What is answered before anything is decided.
    private static let answerDuties: [DialectDuty] = [
        DialectDuty("an unknown key is 401 with a body") { rig in
            try await asking(rig) { server, _ in
                var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
                let key = rig.dialect.newKey(.test, random: &random).text
                let answer = try await server.send(rig.readRequest("none"), rig, key)
                return answer.status == 401 && !answer.body.isEmpty ? nil : "it is \(answer.status): \(answer.text)"
            }
        },
        DialectDuty("an unknown path is 404 with a body") { rig in
            try await asking(rig) { server, key in
                let answer = try await server.send(RigRequest(.get, "/nothing/is/here"), rig, key)
                return answer.status == 404 && !answer.body.isEmpty ? nil : "it is \(answer.status): \(answer.text)"
            }
        },
        DialectDuty("another method is 405 and says which there are") { rig in
            try await asking(rig) { server, key in
                let path = rig.readRequest("none").path
                let answer = try await server.send(RigRequest(.patch, path), rig, key)
                return answer.status == 405 && answer.fields[.allow] != nil
                    ? nil : "it is \(answer.status), with Allow: \(answer.fields[.allow] ?? "nothing")"
            }
        },
    ]

    private static let refundDuties: [DialectDuty] = [
        DialectDuty("a refund is made, and read again by its id") { rig in
            try await refunding(rig) { server, key, payment in
                let made = try await server.send(rig.refundRequest(400, of: payment), rig, key)
                guard (200...299).contains(made.status), let id = rig.refundID(in: try made.json) else {
                    return "asking for a refund is \(made.status): \(made.text)"
                }
                let read = try await server.send(rig.readRequest(id), rig, key)
                return try (200...299).contains(read.status) && rig.refundID(in: read.json) == id
                    ? nil : "reading it is \(read.status): \(read.text)"
            }
        },
        DialectDuty("no more is refunded than was captured") { rig in
            try await refunding(rig) { server, key, payment in
                let first = try await server.send(rig.refundRequest(800, of: payment), rig, key)
                guard (200...299).contains(first.status) else { return "the first of two is \(first.status)" }
                let second = try await server.send(rig.refundRequest(800, of: payment), rig, key)
                return (400...499).contains(second.status) ? nil : "the second of two is \(second.status), not 4xx"
            }
        },
        DialectDuty("an idempotency key makes one refund of many requests") { rig in
            try await refunding(rig) { server, key, payment in
                let headers = ["Idempotency-Key": "the same"]
                let first = try await server.send(rig.refundRequest(300, of: payment), rig, key, headers)
                let second = try await server.send(rig.refundRequest(300, of: payment), rig, key, headers)
                guard (200...299).contains(first.status) else { return "the first is \(first.status): \(first.text)" }
                return first.body == second.body ? nil : "the second is answered otherwise: answer by `context.answer`"
            }
        },
        DialectDuty("an amount that is none is refused") { rig in
            try await refunding(rig) { server, key, payment in
                for amount: Int64 in [0, -5, 2_000_000_000_000] {
                    let answer = try await server.send(rig.refundRequest(amount, of: payment), rig, key)
                    guard (400...499).contains(answer.status) else { return "\(amount) is \(answer.status), not 4xx" }
                }
                return nil
            }
        },
        DialectDuty("another account's refund is unknown") { rig in
            try await refunding(rig) { server, key, payment in
                let made = try await server.send(rig.refundRequest(100, of: payment), rig, key)
                guard (200...299).contains(made.status), let id = rig.refundID(in: try made.json) else {
                    return "asking for a refund is \(made.status): \(made.text)"
                }
                let other = try await server.key(rig.dialect.name, account: "other")
                let read = try await server.send(rig.readRequest(id), rig, other)
                return read.status == 404 ? nil : "it is \(read.status) for another account"
            }
        },
        DialectDuty("the books are in order afterwards") { rig in
            try await refunding(rig) { server, key, payment in
                let made = try await server.send(rig.refundRequest(250, of: payment), rig, key)
                guard (200...299).contains(made.status) else { return "asking for a refund is \(made.status)" }
                try await server.advance(by: .seconds(30))
                let findings = try await server.findings()
                return findings.isEmpty ? nil : "`storno verify` says \(findings[0])"
            }
        },
    ]

    private static func asking(
        _ rig: any DialectRig,
        _ body: @Sendable @escaping (TestServer, _ key: String) async throws -> String?
    ) async throws -> String? {
        try await TestServer.run { server in try await body(server, try await server.key(rig.dialect.name)) }
    }

    /// With a payment of 1000 that is captured.
    private static func refunding(
        _ rig: any DialectRig,
        _ body: @Sendable @escaping (TestServer, _ key: String, _ payment: String) async throws -> String?
    ) async throws -> String? {
        try await asking(rig) { server, key in
            guard let book = server.engine.directory.key(for: key)?.book else { return "its key is not known" }
            let origin = Origin(book: book, actor: Actor(.system, "test"), requestID: nil, dialect: rig.dialect.name)
            var command = CreatePayment(origin: origin, amount: 1000, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            let payment = try await server.engine.perform(command).payment.id
            return try await body(server, key, rig.text(ofPayment: payment))
        }
    }
}

extension TestServer {
    /// Under the dialect's own prefix, so that no other API claims it.
    fileprivate func send(
        _ request: RigRequest,
        _ rig: any DialectRig,
        _ key: String,
        _ headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await send(
            request.method,
            "/\(rig.dialect.name)\(request.path)",
            authorization: rig.authorization(key),
            headers: headers,
            body: request.body
        )
    }
}

extension WireRequest {
    fileprivate static let sample = WireRequest(
        method: .post,
        path: RequestPath("/refunds"),
        query: Query(""),
        fields: [:],
        host: "localhost",
        requestID: "req_1"
    )
}

extension Refusal {
    /// One of each kind that a route can meet.
    fileprivate static let samples: [Refusal] = [
        .malformed("two Host fields"), .unauthorized, .rateLimited(retryAfterSeconds: 3),
        .unknownVersion(known: ["1"]), .unknownRoute, .methodNotAllowed([.get]), .missingScope("refunds:write"),
        .bodyTooLarge(limit: 65_536), .invalid(field: "amount", reason: "is required"), .notOffered("this"),
        .engine(.notFound(.refund, text: "x")), .engine(.idempotencyMismatch), .engine(.idempotencyInProgress),
        .engine(.pageOutOfReach), .engine(.busy), .engine(.storageUnavailable), .engine(.keyInvalid), .engine(.fault),
        .engine(.rejected(.nothingLeft)), .engine(.rejected(.exceedsRefundable(remaining: 5))),
        .engine(.rejected(.exceedsPayment(amount: 5))), .engine(.rejected(.noProcessorConfigured)),
        .engine(.rejected(.paymentDisputed)),
    ]
}
