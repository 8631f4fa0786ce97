import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// Several refunds in one request.

extension StornoDialect {
    static let mostRefunds = 100

    /// One outcome for each item, in their order: a refund, or why there is none. All of them are decided in one
    /// transaction and kept as one answer: under its key, the list is never carried out twice, nor is another.
    func createRefunds(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        guard context.request.fields[.idempotencyKey] != nil else {
            throw .invalid(field: "Idempotency-Key", reason: "is required: a batch must not be carried out twice")
        }
        let items = try items(of: context)
        var commands: [CreateRefund] = []
        var unreadable: [Int: Refusal] = [:]
        for (index, item) in items.enumerated() {
            do throws(Refusal) {
                commands.append(try CreateRefund(context, item: Fields(item, path: "refunds[\(index)]")))
            } catch {
                unreadable[index] = error
            }
        }
        return try await context.answer(CreateRefunds(commands)) { [unreadable, request = context.request] batch in
            JSONWriter.bytes(.batch(batch, of: items.count, unreadable, request))
        }
    }

    private func items(of context: RequestContext) throws(Refusal) -> [JSONValue] {
        let fields = try context.members(["refunds"])
        guard case .array(let items)? = fields["refunds"] else {
            throw fields.invalid("refunds", "must be an array of refunds")
        }
        guard (1...Self.mostRefunds).contains(items.count) else {
            throw fields.invalid("refunds", "must have 1 to \(Self.mostRefunds) items")
        }
        return items
    }
}

extension JSONValue {
    /// - Parameter unreadable: why the items that were no request have no outcome in the batch, by their index.
    fileprivate static func batch(
        _ batch: RefundBatch,
        of count: Int,
        _ unreadable: [Int: Refusal],
        _ request: WireRequest
    ) -> JSONValue {
        var outcomes = batch.outcomes.makeIterator()
        var data: [JSONValue] = []
        var made = 0
        for index in 0..<count {
            if let refusal = unreadable[index] {
                data.append(.refused(Problem(refusal, request), at: index, request))
                continue
            }
            switch outcomes.next() {
            case .success(let refund)?:
                made += 1
                data.append(.members(("index", .integer(Int64(index))), ("refund", .refund(refund))))
            case .failure(let failure)?:
                data.append(.refused(Problem(.engine(failure), request), at: index, request))
            case nil: preconditionFailure("every item was carried out or is unreadable")
            }
        }
        return .members(
            ("object", "refund_batch"),
            ("made", .integer(Int64(made))),
            ("refused", .integer(Int64(count - made))),
            ("data", .array(data))
        )
    }

    private static func refused(_ problem: Problem, at index: Int, _ request: WireRequest) -> JSONValue {
        .members(("index", .integer(Int64(index))), ("error", problem.json(for: request)))
    }
}
