import HTTPTypes

/// One thing that a dialect can be asked: what it takes, what a key needs for it, and who answers.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    /// Such as `/v1/refunds/{id}`; a trailing slash is accepted or absent.
    package let path: String
    package let scope: String
    /// Whether requests to it are kept in the log of requests.
    package let isLogged: Bool
    package let handler: @Sendable (RequestContext) async throws(Refusal) -> WireResponse

    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        scope: String,
        isLogged: Bool = true,
        handler: @Sendable @escaping (RequestContext) async throws(Refusal) -> WireResponse
    ) {
        self.method = method
        self.path = path
        self.scope = scope
        self.isLogged = isLogged
        self.handler = handler
    }
}

/// Something that a dialect answers without a key, as a route of its own kind: it has no scope.
package struct OpenRoute: Sendable, Hashable {
    package let method: HTTPRequest.Method
    /// Such as `/v1/errors/{code}`.
    package let path: String
    private let pattern: [Substring]

    package init(_ method: HTTPRequest.Method, _ path: String) {
        self.method = method
        self.path = path
        pattern = path.split(separator: "/")
    }

    func takes(_ request: WireRequest) -> Bool {
        request.method == method && pattern.count == request.path.segments.count
            && zip(pattern, request.path.segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

/// A dialect's routes, found by path and method.
package struct RouteTable: Sendable {
    package enum Finding {
        case route(Route, parameters: [String: String])
        case otherMethods([HTTPRequest.Method])
        case unknown
    }

    private struct Entry {
        let segments: [Segment]
        /// How many segments are texts: by it, `/refunds/batch` goes before `/refunds/{id}`, whatever the method.
        let texts: Int
        let route: Route
    }

    private enum Segment {
        case text(String)
        case parameter(String)
    }

    package let routes: [Route]
    /// By how many segments they have.
    private let entries: [Int: [Entry]]

    package init(_ routes: [Route]) {
        self.routes = routes
        let entries = routes.map { route in
            let segments = route.path.split(separator: "/")
                .map { part -> Segment in
                    part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .text(String(part))
                }
            let texts = segments.count { if case .text = $0 { true } else { false } }
            return Entry(segments: segments, texts: texts, route: route)
        }
        self.entries = Dictionary(grouping: entries, by: \.segments.count)
    }

    /// Of patterns that a path meets, the one with the most texts is its route; the methods of others are not the path's.
    package func find(_ method: HTTPRequest.Method, _ path: RequestPath) -> Finding {
        var texts = -1
        var route: (Route, [String: String])?
        var others: [HTTPRequest.Method] = []
        for entry in entries[path.segments.count] ?? [] where entry.texts >= texts {
            guard let parameters = match(entry.segments, path.segments) else { continue }
            if entry.texts > texts {
                texts = entry.texts
                route = nil
                others = []
            }
            if entry.route.method == method { route = (entry.route, parameters) }
            others.append(entry.route.method)
            if entry.route.method == .get { others.append(.head) }
        }
        if let (route, parameters) = route { return .route(route, parameters: parameters) }
        return others.isEmpty ? .unknown : .otherMethods(others)
    }

    private func match(_ pattern: [Segment], _ segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (expected, segment) in zip(pattern, segments) {
            switch expected {
            case .text(let text): guard text == segment else { return nil }
            case .parameter(let name):
                guard !segment.isEmpty else { return nil }
                parameters[name] = segment
            }
        }
        return parameters
    }
}

/// A URL's path in its decoded segments.
package struct RequestPath: Sendable, Equatable {
    package private(set) var segments: [String]
    package let endsInSlash: Bool

    /// - Parameter text: as on the wire, without the query. One trailing slash is put aside; an empty segment
    ///   elsewhere stays and matches nothing.
    package init(_ text: some StringProtocol) {
        var parts = text.parts(at: "/")
        if parts.first?.isEmpty == true { parts.removeFirst() }
        endsInSlash = parts.last?.isEmpty == true && parts.count > 1
        if parts.last?.isEmpty == true { parts.removeLast() }
        segments = parts.map { percentDecoded($0) }
    }

    /// Without its first segment.
    package func droppingFirst() -> RequestPath {
        var path = self
        path.segments.removeFirst()
        return path
    }
}
