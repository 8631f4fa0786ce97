import Domain
import Engine
import HTTPTypes
import Storage

/// Answers requests in one API: lets in or refuses, in the fixed order, and calls the route's handler.
package struct DialectService: Sendable {
    package let dialect: any Dialect
    private let table: RouteTable
    private let openRoutes: [OpenRoute]
    private let engine: Engine
    private let limiter: RateLimiter
    private let code: @Sendable (Refusal) -> String?

    /// 64 kB, as in every API (`contracts/common.md`).
    package static let longestBody = 64 * 1024

    /// - Parameter code: how our own API words a refusal, for the log of requests.
    package init(
        _ dialect: any Dialect,
        engine: Engine,
        limiter: RateLimiter = RateLimiter(),
        code: @Sendable @escaping (Refusal) -> String? = { _ in nil }
    ) {
        self.dialect = dialect
        table = RouteTable(dialect.routes)
        openRoutes = dialect.openRoutes
        self.engine = engine
        self.limiter = limiter
        self.code = code
    }

    /// - Parameter readBody: reads the body up to a length; `nil` when it is longer.
    package func respond(
        to request: WireRequest,
        readBody: (Int) async throws -> [UInt8]?
    ) async throws -> DialectAnswer {
        if openRoutes.contains(where: { $0.takes(request) }), let answer = dialect.openAnswer(to: request) {
            return DialectAnswer(response: answer, route: nil)
        }
        let begin = engine.time.now
        var known: (key: APIKey, rate: RateStanding?)?
        var found: Route?
        var response: WireResponse
        do {
            let key = try authenticate(request)
            known = (key, limiter.take(key, engine.directory.settings(of: key.book), at: engine.time.now))
            response = try await answer(request, key, known?.rate, &found, readBody)
        } catch let refusal as Refusal {
            response = dialect.render(refusal, for: request)
            response.code = code(refusal)
        }
        dialect.complete(&response, to: request, of: known?.key, known?.rate)
        if let key = known?.key { log(request, response, of: key, found, begin) }
        return DialectAnswer(response: response, route: found?.path)
    }

    /// Whoever reads the log does not fill it.
    private func log(
        _ request: WireRequest,
        _ response: WireResponse,
        of key: APIKey,
        _ route: Route?,
        _ begin: Moment
    ) {
        guard route?.isLogged ?? true else { return }
        let entry = LoggedRequest(
            id: request.requestID,
            at: begin,
            dialect: dialect.name,
            method: request.method.rawValue,
            route: route?.path,
            status: response.status.code,
            milliseconds: max(0, engine.time.now.milliseconds - begin.milliseconds),
            key: key.name,
            trace: request.trace?.trace,
            isReplay: response.fields[.idempotencyReplayed] != nil,
            code: response.code
        )
        engine.requests.add(entry, to: key.book)
    }

    private func answer(
        _ request: WireRequest,
        _ key: APIKey,
        _ rate: RateStanding?,
        _ found: inout Route?,
        _ readBody: (Int) async throws -> [UInt8]?
    ) async throws -> WireResponse {
        if let rate, let seconds = rate.retryAfterSeconds { throw Refusal.rateLimited(retryAfterSeconds: seconds) }
        try dialect.check(request, of: key)
        let (route, parameters) = try find(request)
        found = route
        guard key.allows(route.scope),
            dialect.permits(key, route, settings: engine.directory.settings(of: key.book))
        else { throw Refusal.missingScope(route.scope) }
        let body = try await body(of: route, readBody)
        let context = RequestContext(
            engine: engine,
            key: key,
            request: request,
            route: route,
            parameters: parameters,
            body: body
        )
        return try await route.handler(context)
    }

    private func authenticate(_ request: WireRequest) throws(Refusal) -> APIKey {
        guard let text = dialect.credential(in: request.credentials), let key = engine.directory.key(for: text),
            key.dialect == dialect.name, key.isValid(at: engine.time.now)
        else { throw .unauthorized }
        return key
    }

    private func find(_ request: WireRequest) throws(Refusal) -> (Route, [String: String]) {
        let method = request.method == .head ? .get : request.method
        switch table.find(method, request.path) {
        case .route(let route, let parameters): return (route, parameters)
        case .otherMethods(let methods): throw .methodNotAllowed(methods)
        case .unknown: throw .unknownRoute
        }
    }

    /// A body on GET and DELETE is nobody's business: it is not looked at.
    private func body(of route: Route, _ read: (Int) async throws -> [UInt8]?) async throws -> [UInt8] {
        switch route.method {
        case .post, .put, .patch:
            guard let body = try await read(Self.longestBody) else {
                throw Refusal.bodyTooLarge(limit: Self.longestBody)
            }
            return body
        default: return []
        }
    }
}

/// An answer, and the pattern of the route that gave it; `nil` where none was found.
package struct DialectAnswer: Sendable {
    package let response: WireResponse
    package let route: String?
    /// The name of the API; `nil` for what belongs to none.
    package var dialect: String?

    package init(response: WireResponse, route: String?, dialect: String? = nil) {
        self.dialect = dialect
        self.response = response
        self.route = route
    }
}
