import Crypto
import Domain
import Engine
import HTTPTypes
import NIOConcurrencyHelpers
import Storage

/// A request that was let in, with what its handler needs.
package struct RequestContext: Sendable {
    package let engine: Engine
    package let key: APIKey
    package let request: WireRequest
    package let route: Route
    package let parameters: [String: String]
    /// At most 64 kB; empty where the route takes none.
    package let body: [UInt8]
    private let document: Document

    package init(
        engine: Engine,
        key: APIKey,
        request: WireRequest,
        route: Route,
        parameters: [String: String],
        body: [UInt8]
    ) {
        self.engine = engine
        self.key = key
        self.request = request
        self.route = route
        self.parameters = parameters
        self.body = body
        document = Document(body)
    }

    package var book: Book { key.book }
    package var mode: Mode { key.mode }
    package var settings: AccountSettings { engine.directory.settings(of: book) }
    package var policy: RefundPolicy { RefundPolicy(settings) }

    package var origin: Origin {
        Origin(book: book, actor: Actor(.key, key.name), requestID: request.requestID, dialect: key.dialect)
    }

    /// The segment that the route's pattern names.
    package func parameter(_ name: String) -> String {
        guard let value = parameters[name] else { preconditionFailure("the route \(route.path) names {\(name)}") }
        return value
    }

    /// An object as the client named it in this API.
    package func name(_ kind: ObjectKind, _ text: String, id: UInt128?) -> ObjectName {
        ObjectName(kind, id: id, spelling: Spelling(dialect: key.dialect, text: text), in: book)
    }

    /// The body's members. Whatever the content type says, it has to be one JSON object.
    package func fields() throws(Refusal) -> Fields { try Fields(try json()) }

    private func json() throws(Refusal) -> JSONValue {
        do {
            return try document.value.get()
        } catch {
            throw .invalid(field: error.path, reason: "is not valid JSON: \(error.reason) at byte \(error.offset)")
        }
    }

    /// Carries a command out, once for the request's idempotency key where it has one.
    ///
    /// - Parameter isPersonal: whether only the key that asked first gets the answer again.
    package func answer<C: Command>(
        _ command: C,
        isPersonal: Bool = false,
        render: @Sendable @escaping (C.Outcome) -> [UInt8]
    ) async throws(Refusal) -> WireResponse where C.Outcome: AboutObject {
        let once = try once(isPersonal: isPersonal)
        do {
            let answer = try await engine.answer(command, in: book, once: once, render: render)
            var response = WireResponse.json(answer.body)
            if answer.isReplay { response.fields[.idempotencyReplayed] = "true" }
            return response
        } catch {
            throw .engine(error)
        }
    }

    package func perform<C: Command>(_ command: C) async throws(Refusal) -> C.Outcome {
        do { return try await engine.perform(command) } catch { throw .engine(error) }
    }

    /// Asks the engine, with its failures as refusals.
    package func ask<Value>(
        _ question: (Engine) async throws(EngineFailure) -> Value
    ) async throws(Refusal) -> Value {
        do { return try await question(engine) } catch { throw .engine(error) }
    }

    /// The `Idempotency-Key`, bare or quoted, with a digest of API, route and canonical body; a body that was left out is
    /// an empty object.
    private func once(isPersonal: Bool) throws(Refusal) -> Once? {
        let values = request.fields[values: .idempotencyKey]
        guard !values.isEmpty else { return nil }
        guard values.count == 1, let key = IdempotencyKeyText.read(values[0]) else {
            throw .invalid(field: "Idempotency-Key", reason: "must be 1 to 255 printable ASCII characters, given once")
        }
        guard !CardNumber.stands(in: key) else {
            throw .invalid(field: "Idempotency-Key", reason: "must not hold a card number")
        }
        var hash = SHA256()
        let path = request.path.segments.joined(separator: "/")
        let asker = isPersonal ? " \(self.key.name)" : ""
        hash.update(data: Array("\(key.utf8.count) \(self.key.dialect) \(route.method) \(path)\(asker)\n".utf8))
        hash.update(data: JSONWriter.bytes(body.isEmpty ? .object([]) : try json(), .sorted))
        // Keyed, since a body may hold a card number, which a plain digest would let somebody find out.
        return Once(
            key: key,
            fingerprint: engine.secrets.digest("request", [FingerprintText.text(of: hash.finalize())]),
            fingerprintKeyID: engine.secrets.id
        )
    }
}

/// A body as JSON, read when it is first asked for, and once.
private final class Document: Sendable {
    private let body: [UInt8]
    private let read = NIOLockedValueBox<Result<JSONValue, JSONFault>?>(nil)

    init(_ body: [UInt8]) { self.body = body }

    var value: Result<JSONValue, JSONFault> {
        read.withLockedValue { known in
            if let known { return known }
            let value = Result { () throws(JSONFault) in try JSONReader.read(body) }
            known = value
            return value
        }
    }
}

package enum FingerprintText {
    /// As fingerprints have it that are kept: hexadecimal numbers without zeroes in front, between blanks.
    package static func text(of digest: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in digest {
            if !text.isEmpty { text.append(UInt8(ascii: " ")) }
            if byte >= 16 { text.append(Alphabet.base16[Int(byte >> 4)]) }
            text.append(Alphabet.base16[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

package enum IdempotencyKeyText {
    /// - Returns: the key without its quotes; `nil` for one that is not accepted.
    package static func read(_ value: String) -> String? {
        var text = value.drop { $0 == " " }
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return (1...255).contains(text.utf8.count) && isPrintable ? String(text) : nil
    }
}

extension HTTPField.Name {
    package static let idempotencyKey = Self.known("Idempotency-Key")
    package static let idempotencyReplayed = Self.known("Idempotency-Replayed")
    package static let link = Self.known("Link")
    package static let requestID = Self.known("Request-Id")
    package static let rateLimit = Self.known("RateLimit")
    package static let rateLimitPolicy = Self.known("RateLimit-Policy")
    package static let traceParent = Self.known("traceparent")
    package static let stornoVersion = Self.known("Storno-Version")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        return field
    }
}
