import DialectKit
import Domain
import Engine
import HTTPTypes

/// A refusal as RFC 9457 has it, with a stable code.
struct Problem {
    let code: ErrorCode
    /// What was wrong this time, and what to do about it.
    let detail: String
    /// The parameter that was wrong, such as `card.number`.
    var parameter: String?
    /// Further members, by which a program can go on.
    var facts: [(name: String, value: JSONValue)] = []
    var fields: HTTPFields = [:]

    init(_ code: ErrorCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    func about(_ parameter: String) -> Problem {
        var problem = self
        problem.parameter = parameter.isEmpty ? nil : parameter
        return problem
    }

    func with(_ name: String, _ value: JSONValue) -> Problem {
        var problem = self
        problem.facts.append((name, value))
        return problem
    }

    func with(_ field: HTTPField.Name, _ value: String) -> Problem {
        var problem = self
        problem.fields[field] = value
        return problem
    }

    func response(to request: WireRequest) -> WireResponse {
        var fields = fields
        fields[.contentType] = "application/problem+json"
        let body = JSONWriter.bytes(json(for: request))
        var response = WireResponse(status: code.status, fields: fields, body: .bytes(body))
        response.code = code.rawValue
        return response
    }

    func json(for request: WireRequest) -> JSONValue {
        let place = "/storno/v1/errors/\(code.rawValue)"
        var members: [JSONMember] = [
            JSONMember("type", .string(place)), JSONMember("title", .string(code.title)),
            JSONMember("status", .integer(Int64(code.status.code))), JSONMember("detail", .string(detail)),
            JSONMember("code", .string(code.rawValue)),
        ]
        if let parameter { members.append(JSONMember("param", .string(parameter))) }
        members += facts.map { JSONMember($0.name, $0.value) }
        members += [JSONMember("request_id", .string(request.requestID)), JSONMember("doc_url", .string(place))]
        return .object(members)
    }
}

extension StornoDialect {
    package var openRoutes: [OpenRoute] { [OpenRoute(.get, "/v1/errors/{code}")] }

    /// Where the `type` and `doc_url` of every problem lead.
    package func openAnswer(to request: WireRequest) -> WireResponse? {
        let segments = request.path.segments
        guard request.method == .get, segments.count == 3, segments.starts(with: ["v1", "errors"]),
            let code = ErrorCode(rawValue: segments[2])
        else { return nil }
        return .json(
            .members(
                ("object", "error_code"),
                ("code", .string(code.rawValue)),
                ("status", .integer(Int64(code.status.code))),
                ("title", .string(code.title))
            )
        )
    }

    package func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse {
        Problem(refusal, request).response(to: request)
    }
}

extension StornoDialect {
    /// The code of a refusal, whichever API it was given in.
    package static func code(of refusal: Refusal) -> String {
        let nobody = WireRequest(
            method: .get,
            path: RequestPath(""),
            query: Query(""),
            fields: [:],
            host: "",
            requestID: ""
        )
        return Problem(refusal, nobody).code.rawValue
    }
}

extension Problem {
    init(_ refusal: Refusal, _ request: WireRequest) {
        switch refusal {
        case .malformed(let reason): self.init(.malformedRequest, "The request cannot be read: \(reason).")
        case .unauthorized: self = .unauthorized
        case .unknownRoute:
            self.init(.unknownRoute, "There is no \(request.path.segments.joined(separator: "/").prefix(100)) here.")
        case .methodNotAllowed(let methods):
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            self = Problem(.methodNotAllowed, "\(request.method.rawValue) is not taken here, but \(allowed).")
                .with(.allow, allowed)
        case .missingScope(let scope):
            self = Problem(.missingScope, "This needs a key with the scope \(scope).").with("scope", .string(scope))
        case .bodyTooLarge(let limit):
            self = Problem(.bodyTooLarge, "A body has at most \(limit) bytes.").with("limit", .integer(Int64(limit)))
        case .invalid(let field, let reason):
            self = Problem(.invalidParameter, "\(field.isEmpty ? "The body" : field) \(reason).").about(field)
        case .unknownVersion(let known):
            self = Problem(.unknownVersion, "Storno-Version is one of \(known.joined(separator: ", ")), or left out.")
                .about("Storno-Version").with("versions", .array(known.map { .string($0) }))
        case .rateLimited(let seconds):
            self = Problem(.rateLimited, "This key may send another request in \(seconds) s.")
                .with(.retryAfter, String(seconds))
        case .engine(let failure): self.init(failure)
        case .notOffered(let what): self.init(.notOffered, "This server does not offer \(what).")
        }
    }

    private static var unauthorized: Problem {
        Problem(
            .unauthorized,
            "Send a key of this API as `Authorization: Bearer KEY`. `storno keys create --dialect storno` makes one."
        )
        .with(.wwwAuthenticate, "Bearer")
    }

    private init(_ failure: EngineFailure) {
        switch failure {
        case .notFound(let kind, let text):
            self = Problem(.notFound, "There is no \(kind.rawValue) \(text.prefix(100)) in this account and mode.")
                .with("object", .string(kind.rawValue))
        case .rejected(let rejection): self.init(rejection)
        case .idempotencyMismatch:
            self.init(.idempotencyMismatch, "Use a new Idempotency-Key for a new request.")
        case .idempotencyInProgress:
            self = Problem(.idempotencyInProgress, "Send it again in a moment: the answer will be the first one's.")
                .with(.retryAfter, "1")
        case .pageOutOfReach: self.init(.invalidParameter, "That page is too far away. Walk the list by its cursors.")
        case .busy:
            self = Problem(.busy, "Nothing was done. Send it again in a moment.").with(.retryAfter, "1")
        case .storageUnavailable:
            self = Problem(
                .storageUnavailable,
                "Send it again in a moment, with the same Idempotency-Key: what was done is then answered, not repeated."
            )
            .with(.retryAfter, "1")
        case .keyInvalid: self = .unauthorized
        case .clockRefused(let refusal): self.init(refusal)
        case .fault: self.init(.internalFault, "Nothing was done. Whoever runs the server finds more in its log.")
        }
    }
}
