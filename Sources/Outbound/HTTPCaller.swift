/// A POST to an address that was checked.
package struct OutboundCall: Sendable {
    package let target: CheckedTarget
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]
    /// From the beginning of the connection to the end of the answer.
    package let timeout: Duration

    package init(
        target: CheckedTarget,
        fields: [(name: String, value: String)],
        body: [UInt8],
        timeout: Duration
    ) {
        self.target = target
        self.fields = fields
        self.body = body
        self.timeout = timeout
    }
}

package struct OutboundAnswer: Sendable, Equatable {
    package let status: Int
    /// As it stands in `Retry-After`.
    package let retryAfter: String?
    /// Its first bytes; the rest is not read.
    package let body: [UInt8]

    package init(status: Int, retryAfter: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}

/// Why there is no answer. The words hold nothing of the address.
package enum OutboundFailure: Error, Equatable, Sendable {
    case timedOut
    case unreachable(String)
    /// Whoever called was told to stop.
    case interrupted
}

/// Calls others. It follows no redirect, and knows no proxy.
package protocol HTTPCaller: Sendable {
    func post(_ call: OutboundCall) async throws(OutboundFailure) -> OutboundAnswer

    /// Lets go of connections: nothing can be called any more.
    func close() async
}
