import DialectKit
import Domain
import Engine
import HTTPTypes

/// __Name__'s API.
package struct __Name__Dialect: Dialect {
    package var routes: [Route] {
        [
            Route(.post, "/refunds", scope: "refunds:write", handler: createRefund),
            Route(.get, "/refunds/{id}", scope: "refunds:read", handler: readRefund),
        ]
    }

    package let name = "__name__"
    /// The vendor's own, so that a client has only to be told another address.
    package let hosts: [String] = []

    package var document: StaticString { Embedded.openapi }

    package init() {}

    /// Owed: `context.answer(CreateRefund(…))`, which takes care of idempotency keys.
    private func createRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        throw .notOffered("refunds through __Name__'s API yet")
    }

    /// Owed: `context.ask` for `engine.refund(context.named(.refund, …))`.
    private func readRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        throw .notOffered("refunds through __Name__'s API yet")
    }
}
