import DialectKit
import HTTPTypes

/// An error as a client of this API gets it.
struct ErrorAnswer {
    enum Message {
        case text(String)
        /// Clients print `text (id)`.
        case about(id: String, String)
    }

    let status: HTTPResponse.Status
    let message: Message
    var fields: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ text: String) {
        self.status = status
        message = .text(text)
    }

    init(_ status: HTTPResponse.Status, _ text: String, id: String) {
        self.status = status
        message = .about(id: id, text)
    }

    func with(_ name: HTTPField.Name, _ value: String) -> ErrorAnswer {
        var answer = self
        answer.fields[name] = value
        return answer
    }

    var response: WireResponse {
        let said: JSONValue =
            switch message {
            case .text(let text): .string(text)
            case .about(let id, let text): .members(("error", .string(text)), ("id", .string(id)))
            }
        let error = JSONValue.members(("message", said), ("type", "invalid_request_error"))
        var response = WireResponse.json(.members(("error", error)), .sorted, status: status)
        for field in fields { response.fields.append(field) }
        return response
    }
}
