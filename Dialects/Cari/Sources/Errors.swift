import DialectKit
import Domain
import Engine
import HTTPTypes

extension CariDialect {
    /// The flat error object, with the fields that HTTP wants beside some statuses.
    package func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse {
        let (status, message) = wording(of: refusal, for: request)
        var response = WireResponse.json(
            .members(
                ("type", .string(status.code < 500 ? "invalid_request" : "api_error")),
                ("code", .integer(Int64(status.code))),
                ("message", .string(message))
            ),
            status: status
        )
        switch refusal {
        case .unauthorized, .engine(.keyInvalid): response.fields[.wwwAuthenticate] = "Bearer"
        case .methodNotAllowed(let methods):
            response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        case .engine(.busy), .engine(.storageUnavailable): response.fields[.retryAfter] = "1"
        case .rateLimited(let seconds): response.fields[.retryAfter] = String(seconds)
        case .malformed, .unknownRoute, .missingScope, .unknownVersion, .bodyTooLarge, .invalid, .engine, .notOffered:
            break
        }
        return response
    }

    private func wording(of refusal: Refusal, for request: WireRequest) -> (HTTPResponse.Status, String) {
        switch refusal {
        case .malformed(let reason): (.badRequest, "This request is not valid HTTP: \(reason).")
        case .unauthorized:
            (.unauthorized, "Send a valid API key of this API: Authorization: Bearer sk_test_… or sk_live_….")
        case .unknownRoute: (.notFound, "There is nothing at this path. Charges are at /charges, refunds at /refunds.")
        case .methodNotAllowed(let methods):
            (
                .methodNotAllowed,
                "This path does not take \(request.method.rawValue); it takes "
                    + "\(methods.map(\.rawValue).joined(separator: ", "))."
            )
        case .missingScope(let scope): (.forbidden, wording(ofMissing: scope, for: request))
        case .bodyTooLarge(let limit): (.contentTooLarge, "The body is larger than the \(limit) bytes allowed.")
        case .invalid(let field, let reason):
            (.badRequest, field.isEmpty ? "The body \(reason)." : "\(field) \(reason).")
        case .unknownVersion(let known): (.badRequest, "The version is one of \(known.joined(separator: ", ")).")
        case .rateLimited:
            (.tooManyRequests, "This key sends more requests than its account allows. Wait as Retry-After says.")
        case .engine(let failure): wording(of: failure, for: request)
        case .notOffered(let what): (.notImplemented, "This server does not offer \(what).")
        }
    }

    private func wording(ofMissing scope: String, for request: WireRequest) -> String {
        if case .bearer(let token) = request.credentials, token.hasPrefix("pk_") {
            return "This publishable key may not do this: it lacks the scope \(scope), or the account lets "
                + "publishable keys only read. Use a secret key (sk_) with that scope."
        }
        return "This key lacks the scope \(scope). Use a key that has it."
    }

    private func wording(of failure: EngineFailure, for request: WireRequest) -> (HTTPResponse.Status, String) {
        switch failure {
        case .notFound(let kind, let text): (.notFound, "No such \(word(for: kind)): \(text)")
        case .rejected(let rejection): wording(of: rejection)
        case .idempotencyMismatch:
            (
                .unprocessableContent,
                "This Idempotency-Key was used for another request. Use a new key for a new request."
            )
        case .idempotencyInProgress:
            (.conflict, "The first request with this Idempotency-Key is still running. Try again in a moment.")
        case .pageOutOfReach:
            (
                .badRequest,
                "page lies too far behind the pages read so far. Read the pages before it first, or leave page "
                    + "and items_per_page out to read the whole list."
            )
        case .busy: (.serviceUnavailable, "The server is busy. Nothing was done; try again in a moment.")
        case .storageUnavailable:
            (
                .serviceUnavailable,
                "The server cannot reach its storage right now. Try again in a moment, with the same "
                    + "Idempotency-Key if you sent one."
            )
        case .keyInvalid: wording(of: .unauthorized, for: request)
        case .clockRefused: (.conflict, "The time of these books cannot be set so.")
        case .fault: (.internalServerError, "Something went wrong on the server. Nothing was done.")
        }
    }

    private func word(for kind: ObjectKind) -> String {
        switch kind {
        case .payment: "charge"
        case .refund: "refund"
        case .customer: "customer"
        case .card: "payment method"
        case .dispute: "dispute"
        case .pot: "collection"
        case .webhookEndpoint, .delivery: "webhook"
        }
    }
}
