import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

package struct StancerDialect: Dialect {
    package let name = "stancer"
    package let hosts = ["api.stancer.com"]
    package let routes: [Route] = []

    package init() {}

    package func credential(in credentials: Credentials) -> String? { nil }

    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        NewKey(prefix: "x", length: 24, random: &random)
    }

    package func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse {
        WireResponse(status: .internalServerError, body: .empty)
    }
}
