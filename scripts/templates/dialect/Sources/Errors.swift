import DialectKit
import Domain
import Engine
import HTTPTypes

extension __Name__Dialect {
    /// In the vendor's shape; the fields that HTTP wants beside some statuses stand in any API.
    package func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse {
        let (status, message) = wording(of: refusal)
        var response = WireResponse.json(
            .members(("error", .members(("code", .integer(Int64(status.code))), ("message", .string(message))))),
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

    private func wording(of refusal: Refusal) -> (HTTPResponse.Status, String) {
        switch refusal {
        case .malformed(let reason): (.badRequest, "This request is not valid HTTP: \(reason).")
        case .unauthorized: (.unauthorized, "This API key is not known.")
        case .unknownRoute: (.notFound, "There is nothing at this path.")
        case .methodNotAllowed: (.methodNotAllowed, "This path does not take this method.")
        case .missingScope(let scope): (.forbidden, "This API key lacks the scope \(scope).")
        case .bodyTooLarge(let limit): (.contentTooLarge, "The body is larger than the \(limit) bytes allowed.")
        case .invalid(let field, let reason):
            (.badRequest, field.isEmpty ? "The body \(reason)." : "\(field) \(reason).")
        case .unknownVersion(let known): (.badRequest, "The version is one of \(known.joined(separator: ", ")).")
        case .rateLimited: (.tooManyRequests, "Too many requests with this API key.")
        case .engine(let failure): wording(of: failure)
        case .notOffered(let what): (.notImplemented, "This server does not offer \(what).")
        }
    }

    private func wording(of failure: EngineFailure) -> (HTTPResponse.Status, String) {
        switch failure {
        case .notFound(let kind, let text): (.notFound, "There is no \(kind.rawValue) \(text.prefix(100)).")
        case .rejected(let rejection): wording(of: rejection)
        case .idempotencyMismatch: (.unprocessableContent, "This Idempotency-Key was used for another request.")
        case .idempotencyInProgress: (.conflict, "The first request with this Idempotency-Key is still running.")
        case .pageOutOfReach: (.badRequest, "This page lies too far behind the pages read so far.")
        case .busy: (.serviceUnavailable, "The server is busy. Nothing was done; try again in a moment.")
        case .storageUnavailable: (.serviceUnavailable, "The server cannot reach its storage right now.")
        case .keyInvalid: (.unauthorized, "This API key is not known.")
        case .clockRefused: (.conflict, "The time of these books cannot be set so.")
        case .fault: (.internalServerError, "Something went wrong on the server. Nothing was done.")
        }
    }
}
