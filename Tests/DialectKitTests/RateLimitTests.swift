import DialectKit
import Domain
import Storage
import Testing

@Suite struct RateLimitTests {
    private func key(_ number: UInt8) -> APIKey {
        APIKey(
            hash: Digest256(Array(repeating: number, count: 32)),
            name: "key_\(number)",
            book: Book(1),
            dialect: "storno",
            prefix: "p",
            lastFour: "0000",
            scopes: [],
            createdAt: Moment(seconds: 0)
        )
    }

    @Test(arguments: ["", "1", "0/1", "1/0", "-1/5", "+1/5", "1/86401", "1000001/1", "1/2/3", "a/b", "1 /2", "01/2"])
    func `what is no limit is none`(text: String) {
        #expect(RateLimit(text) == nil)
    }

    /// Whatever the spacing: in any window no more than twice the limit, and over a long time no more than the limit and one burst.
    @Test(arguments: ["1/1", "7/3", "100/60", "3/7", "1000000/1"])
    func `a key gets its limit and no more`(text: String) throws {
        let limit = try #require(RateLimit(text))
        let limiter = RateLimiter(limit)
        var (now, taken) = (Moment(seconds: 1_800_000_000), Int64(0))
        let windows: Int64 = 20
        let step = max(1, limit.seconds * 1000 / 50)
        for _ in 0..<(limit.seconds * 1000 * windows / step) {
            for _ in 0..<min(limit.requests + 1, 200) {
                let standing = try #require(limiter.take(key(1), AccountSettings(), at: now))
                #expect(standing.remaining >= 0 && standing.remaining <= limit.requests)
                #expect(standing.resetSeconds >= 0 && standing.resetSeconds <= limit.seconds)
                guard standing.retryAfterSeconds == nil else { break }
                taken += 1
            }
            now = now.adding(.milliseconds(step))
        }
        #expect(taken <= limit.requests * (windows + 1))
        if limit.requests <= 200 { #expect(taken >= limit.requests * windows) }
    }

    @Test func `whoever waits as long as told gets through`() throws {
        for text in ["1/1", "2/10", "3/7", "100/60", "999/1000"] {
            let limiter = RateLimiter(RateLimit(text))
            var now = Moment(seconds: 1_800_000_000)
            for _ in 0..<3000 {
                let standing = try #require(limiter.take(key(1), AccountSettings(), at: now))
                guard let seconds = standing.retryAfterSeconds else { continue }
                #expect(seconds >= 1)
                now = now.adding(.seconds(Int64(seconds)))
                #expect(limiter.take(key(1), AccountSettings(), at: now)?.retryAfterSeconds == nil)
            }
        }
    }

    @Test func `empty buckets are thrown away`() {
        let limiter = RateLimiter(RateLimit("1/1"))
        for number in 0..<20_000 {
            let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
            let key = APIKey(
                hash: Digest256(bytes + Array(repeating: 0, count: 24)),
                name: "key_\(number)",
                book: Book(1),
                dialect: "storno",
                prefix: "p",
                lastFour: "0000",
                scopes: [],
                createdAt: Moment(seconds: 0)
            )
            _ = limiter.take(key, AccountSettings(), at: Moment(milliseconds: 1_800_000_000_000 + Int64(number) * 10))
        }
        #expect(limiter.count <= 4096)
    }

    @Test func `keys do not use up each other's, and a lowered limit shuts nobody out for long`() throws {
        let limiter = RateLimiter()
        let now = Moment(seconds: 1_800_000_000)
        let wide = AccountSettings(["rate_limit": "2/1000"])
        for _ in 0..<3 { _ = limiter.take(key(1), wide, at: now) }
        #expect(limiter.take(key(1), wide, at: now)?.retryAfterSeconds != nil)
        #expect(limiter.take(key(2), wide, at: now)?.retryAfterSeconds == nil)
        let narrow = AccountSettings(["rate_limit": "2/10"])
        #expect(limiter.take(key(1), narrow, at: now.adding(.seconds(10)))?.retryAfterSeconds == 5)
        #expect(limiter.take(key(1), narrow, at: now.adding(.seconds(15)))?.retryAfterSeconds == nil)
        #expect(limiter.take(key(1), AccountSettings(["rate_limit": "off"]), at: now) == nil)
    }
}
