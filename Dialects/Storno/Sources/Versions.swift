import DialectKit
import HTTPTypes
import Storage

/// The versions of this API, oldest first: the one place where they are named. `README.md` says how another one is added.
enum APIVersion: String, CaseIterable, Sendable {
    case november2026 = "2026-11-01"

    static var newest: APIVersion {
        guard let last = allCases.last else { preconditionFailure("there is a version") }
        return last
    }

    /// What keys speak that were made before there were versions.
    static let oldest = APIVersion.november2026

    /// The version of a request: what it asks for, otherwise what its key is pinned to.
    ///
    /// - Returns: `nil` for a version that there is not.
    init?(_ request: WireRequest, of key: APIKey?) {
        let asked = request.fields[values: .stornoVersion]
        guard asked.isEmpty else {
            guard asked.count == 1, let version = APIVersion(rawValue: asked[0]) else { return nil }
            self = version
            return
        }
        guard let key else {
            self = .newest
            return
        }
        self = key.apiVersion.flatMap { APIVersion(rawValue: $0) } ?? .oldest
    }
}

extension StornoDialect {
    package var newestVersion: String? { APIVersion.newest.rawValue }

    package func check(_ request: WireRequest, of key: APIKey) throws(Refusal) {
        guard APIVersion(request, of: key) == nil else { return }
        throw .unknownVersion(known: APIVersion.allCases.map(\.rawValue))
    }

    /// The version that the answer is in, and what the key may still send
    /// (draft-ietf-httpapi-ratelimit-headers).
    package func complete(
        _ response: inout WireResponse,
        to request: WireRequest,
        of key: APIKey?,
        _ rate: RateStanding?
    ) {
        response.fields[.stornoVersion] = (APIVersion(request, of: key) ?? .newest).rawValue
        guard let rate else { return }
        response.fields[.rateLimitPolicy] = "\"key\";q=\(rate.limit.requests);w=\(rate.limit.seconds)"
        response.fields[.rateLimit] = "\"key\";r=\(rate.remaining);t=\(rate.resetSeconds)"
    }
}
