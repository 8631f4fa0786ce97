import Domain
import HTTPTypes

/// A request as a dialect sees it.
package struct WireRequest: Sendable {
    package var method: HTTPRequest.Method
    package var path: RequestPath
    package var query: Query
    package var fields: HTTPFields
    /// The host it was sent to, in lower case and without the port.
    package var host: String
    package var credentials: Credentials
    package var requestID: String
    /// Which step of which trace this request is; `nil` where the client named none.
    package var trace: TraceContext? { TraceContext(requestID: requestID) }

    package init(
        method: HTTPRequest.Method,
        path: RequestPath,
        query: Query,
        fields: HTTPFields,
        host: String,
        requestID: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.host = host
        credentials = Credentials(fields)
        self.requestID = requestID
    }
}

package struct WireResponse: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        /// Written piece by piece; it ends when the function returns.
        case pieces(@Sendable (any WireWriter) async throws -> Void)
        /// Written as things happen, for as long as the client listens. HEAD has none of it, and nothing is run for it.
        case stream(@Sendable (any WireWriter) async throws -> Void)
    }

    package var status: HTTPResponse.Status
    package var fields: HTTPFields
    package var body: Body
    /// Why the request was refused, in our own API's words, for the log of requests; `nil` where it was not.
    package var code: String?

    package init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> WireResponse {
        WireResponse(status: status, fields: [.contentType: "application/json"], body: .bytes(bytes))
    }

    package static func json(
        _ value: JSONValue,
        _ order: JSONWriter.Order = .asGiven,
        status: HTTPResponse.Status = .ok
    ) -> WireResponse {
        .json(JSONWriter.bytes(value, order), status: status)
    }
}

/// Takes the pieces of an answer.
package protocol WireWriter {
    func write(_ bytes: [UInt8]) async throws
}
