import Domain
import NIOConcurrencyHelpers
import Storage

/// So many requests in so many seconds, at once or spread.
package struct RateLimit: Sendable, Equatable {
    /// 1 to 1,000,000.
    package let requests: Int64
    /// 1 to 86,400.
    package let seconds: Int64

    /// From `100/60`; `nil` for what is not of that form or out of range.
    package init?(_ text: String) {
        let parts = text.parts(at: "/").map { Int64(exactToken: String($0)) }
        guard parts.count == 2, let requests = parts[0], let seconds = parts[1], (1...1_000_000).contains(requests),
            (1...86_400).contains(seconds)
        else { return nil }
        self.requests = requests
        self.seconds = seconds
    }

    /// Of an account: its own word, otherwise the server's. `off` is no limit.
    package init?(_ settings: AccountSettings, otherwise server: RateLimit?) {
        guard let text = settings.values[Self.setting] else {
            guard let server else { return nil }
            self = server
            return
        }
        self.init(text)
    }

    package static let setting = "rate_limit"

    /// How long a request uses up, in microseconds, rounded up.
    fileprivate var step: Int64 { (window + requests - 1) / requests }
    fileprivate var window: Int64 { seconds * 1_000_000 }
}

/// What a key may still send, as of one request.
package struct RateStanding: Sendable, Equatable {
    package let limit: RateLimit
    /// Requests that may follow at once.
    package let remaining: Int64
    /// Until all of the limit is free again.
    package let resetSeconds: Int64
    /// Until another request is taken, at least one; `nil` if this one was.
    package let retryAfterSeconds: Int?
}

/// Buckets in this process's memory, one for each key that has sent something lately: a key's requests fill its bucket, which
/// empties with time. Only keys that are known have one, so that there are never more than keys.
///
/// A bucket is the moment at which it will be empty (the generic cell rate algorithm, ITU-T I.371).
package final class RateLimiter: Sendable {
    private let server: RateLimit?
    private let state = NIOLockedValueBox(Buckets())

    private struct Buckets {
        /// When each will be empty, in microseconds since 1970.
        var ends: [Digest256: Int64] = [:]
        /// At so many, empty ones are thrown away; twice what was left then, so that it costs each request a little.
        var sweepsAt = 4096

        mutating func sweep(_ now: Int64) {
            guard ends.count >= sweepsAt else { return }
            ends = ends.filter { $0.value > now }
            sweepsAt = max(4096, ends.count * 2)
        }
    }

    /// - Parameter server: holds where an account says nothing.
    package init(_ server: RateLimit? = nil) {
        self.server = server
    }

    /// Counts a request.
    ///
    /// - Returns: `nil` where nothing limits the key.
    package func take(_ key: APIKey, _ settings: AccountSettings, at moment: Moment) -> RateStanding? {
        guard let limit = RateLimit(settings, otherwise: server) else { return nil }
        let now = moment.milliseconds * 1000
        return state.withLockedValue { buckets in
            buckets.sweep(now)
            // A limit that was lowered meanwhile does not shut a key out for longer than its own window.
            let filled = min(max(buckets.ends[key.hash] ?? now, now), now + limit.window)
            let next = filled + limit.step
            let isTaken = next - now <= limit.window
            let end = isTaken ? next : filled
            buckets.ends[key.hash] = end
            let free = limit.window - (end - now)
            return RateStanding(
                limit: limit,
                remaining: free / limit.step,
                resetSeconds: Self.seconds(end - now),
                retryAfterSeconds: isTaken ? nil : Int(max(1, Self.seconds(next - now - limit.window)))
            )
        }
    }

    private static func seconds(_ microseconds: Int64) -> Int64 { (microseconds + 999_999) / 1_000_000 }

    package var count: Int { state.withLockedValue { $0.ends.count } }
}
