import Engine
import HTTPTypes
import Storage

/// Which API a request speaks: by path prefix, by host, by its credentials, by its path — in this order
/// (`contracts/common.md` 0.1).
package struct DialectSelection: Sendable {
    package struct Choice: Sendable {
        package let dialect: any Dialect
        /// The request's path without the prefix.
        package let path: RequestPath
    }

    private let dialects: [any Dialect]
    private let fallback: any Dialect
    private let byName: [String: Int]
    private let byHost: [String: Int]

    /// - Parameters:
    ///   - dialects: the last one takes what nobody claims.
    ///   - aliases: further host names, each with a dialect's name.
    package init(_ dialects: [any Dialect], aliases: [String: String] = [:]) {
        guard let last = dialects.last else { preconditionFailure("there is at least one dialect") }
        self.dialects = dialects
        fallback = last
        let byName = Dictionary(uniqueKeysWithValues: dialects.enumerated().map { ($1.name, $0) })
        var byHost: [String: Int] = [:]
        for (index, dialect) in dialects.enumerated() {
            for host in dialect.hosts { byHost[host] = index }
        }
        for (host, name) in aliases { byHost[host.lowercased()] = byName[name] }
        self.byName = byName
        self.byHost = byHost
    }

    package func choose(_ request: WireRequest, keys: Directory) -> Choice {
        if let first = request.path.segments.first, let index = byName[first] {
            return Choice(dialect: dialects[index], path: request.path.droppingFirst())
        }
        if let index = byHost[request.host] { return Choice(dialect: dialects[index], path: request.path) }
        let dialect = claimant(request.credentials, keys) ?? dialects.first { $0.claims(request.path) } ?? fallback
        return Choice(dialect: dialect, path: request.path)
    }

    private func claimant(_ credentials: Credentials, _ keys: Directory) -> (any Dialect)? {
        if let claimant = dialects.first(where: { $0.claims(credentials) }) { return claimant }
        guard case .bearer(let token) = credentials, let key = keys.key(for: token) else { return nil }
        return byName[key.dialect].map { dialects[$0] }
    }
}
