import DialectKit
import Engine
import HTTPTypes
import Server
import TestSupport

extension Merchant {
    /// Sends a request as it comes to the vendor's own host name, without the prefix.
    func sendToHost(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [UInt8] = [],
        fields: HTTPFields = [:]
    ) async throws -> WireResponse {
        var fields = fields
        if fields[.authorization] == nil { fields[.authorization] = authorization }
        var request = WireRequest(
            method: method,
            path: RequestPath(path),
            query: Query(""),
            fields: fields,
            host: "api.stancer.com",
            requestID: "req_1"
        )
        let choice = DialectSelection(Catalog.dialects).choose(request, keys: server.engine.directory)
        request.path = choice.path
        let service = DialectService(choice.dialect, engine: server.engine)
        return try await service.respond(to: request) { limit in body.count > limit ? nil : body }.response
    }
}

extension WireResponse {
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    var json: JSONValue {
        get throws { try JSONReader.read(Array(text.utf8)) }
    }
}
