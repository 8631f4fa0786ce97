#if Benchmarking
import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What `Benchmarks/` holds refunds and reads against. Only a build with the trait Benchmarking has it.

extension StornoDialect {
    var benchmarkRoutes: [Route] {
        [
            Route(.post, "/bench/noop", scope: "refunds:write", handler: createNothing),
            Route(.get, "/bench/static", scope: "refunds:read", handler: readNothing),
        ]
    }

    /// A refund's request is let in and read like any other, and answered without the engine. What the engine needs besides,
    /// such as the digest that its idempotency key is kept with, is not made: it is the price of the refund.
    private func createNothing(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let keys = context.request.fields[values: .idempotencyKey]
        guard keys.count == 1, IdempotencyKeyText.read(keys[0]) != nil else {
            throw .invalid(field: "Idempotency-Key", reason: "must be given once")
        }
        let command = try CreateRefund(context)
        return .json(
            JSONWriter.bytes(
                .members(
                    ("object", "noop"),
                    ("payment", .optional(command.payment.spelling?.text)),
                    ("amount", .optional(command.amount?.minorUnits))
                )
            )
        )
    }

    private func readNothing(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        .json(.members(("object", "static"), ("status", "ok")))
    }
}
#endif
