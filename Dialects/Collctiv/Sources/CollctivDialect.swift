import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

package struct CollctivDialect: Dialect {
    package let name = "collctiv"
    package let hosts = ["api.collctiv.com"]
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
