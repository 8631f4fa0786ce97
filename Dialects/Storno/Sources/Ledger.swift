import DialectKit
import Domain
import Engine
import Storage

// What is answered about the books.

extension StornoDialect {
    /// One for each currency that the books are in.
    func listBalances(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let balances = try await context.ask { engine throws(EngineFailure) in
            try await engine.balances(of: context.book)
        }
        return .list(balances.map { .balance($0) })
    }

    /// The journal's lines that one payment, refund or dispute caused, in the order in which they were booked.
    func listEntries(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly(["payment", "refund", "dispute"])
        var causes: [ObjectReference] = []
        for kind in [ObjectKind.payment, .refund, .dispute] {
            if let id = try await context.filter(kind) { causes.append(ObjectReference(kind, id)) }
        }
        guard let cause = causes.first, causes.count == 1 else {
            throw .invalid(field: "payment", reason: "or refund or dispute must say what the entries are about")
        }
        let entries = try await context.ask { engine throws(EngineFailure) in
            try await engine.entries(causedBy: cause, in: context.book)
        }
        return .list(entries.map { .entry($0) })
    }
}
