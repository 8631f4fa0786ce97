import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// What several handlers ask of the engine.
extension RequestContext {
    var responses: Responses { Responses(isLive: mode == .live) }

    func payment(_ name: ObjectName) async throws(Refusal) -> PaymentDetails {
        try await ask { engine throws(EngineFailure) in try await engine.payment(name, dialect: key.dialect) }
    }

    func customer(_ name: ObjectName) async throws(Refusal) -> CustomerDetails {
        try await ask { engine throws(EngineFailure) in try await engine.customer(name) }
    }

    /// Without a body: a client would take an id in it for the object's.
    func delete<C: Command>(_ command: C) async throws(Refusal) -> WireResponse where C.Outcome == Void {
        try await perform(command)
        engine.forgetPages(of: book)
        return WireResponse(status: .noContent, body: .empty)
    }
}
