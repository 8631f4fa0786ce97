import DialectKit
import Domain
import HTTPTypes

/// What holds of every answer of an API, whatever was asked.
package enum AnswerRules {
    /// No 5xx but 501, which says that a documented thing is not offered: the simulation is always there.
    private static let statuses: Set<Int> = [200, 204, 400, 401, 402, 403, 404, 405, 406, 409, 413, 422, 501]

    package static func check(_ answer: Answer, to request: RequestText) throws {
        try hold(statuses.contains(answer.status), "answered with \(answer.status): \(answer.text)")
        guard !answer.body.isEmpty else {
            let isStream = answer.status == 200 && answer.fields[.contentType] == "text/event-stream"
            return try hold(answer.status == 204 || isStream, "\(answer.status) without a body")
        }
        let type = answer.fields[.contentType]
        let isProblem = type == "application/problem+json"
        try hold(type == "application/json" || isProblem && !answer.isSuccess, "a body of another type than JSON")
        let json: JSONValue
        do throws(JSONFault) { json = try JSONReader.read(answer.body) } catch {
            throw Disproof(description: "answered with \(error.reason) in \(answer.text)")
        }
        try checkAmounts(json)
        if answer.isSuccess {
            try checkTaken(answer, json, request)
        } else {
            try isProblem ? checkProblem(answer, json) : checkRefusal(answer, json)
        }
    }

    // MARK: - Refusals

    private static func checkRefusal(_ answer: Answer, _ json: JSONValue) throws(Disproof) {
        let isRefusal = isFlat(json, answer.status) || isEnveloped(json) || isReserved(json, answer.status)
        try hold(isRefusal, "a refusal in no API's form: \(answer.text)")
        try checkFields(answer)
    }

    /// As RFC 9457 has it, with a code of ours.
    private static func checkProblem(_ answer: Answer, _ json: JSONValue) throws(Disproof) {
        guard case .object(let members) = json else { throw Disproof(description: "a problem that is no object") }
        let names = members.map(\.name)
        try hold(names.starts(with: ["type", "title", "status", "detail", "code"]), "an unknown form of problem")
        try hold(names.suffix(2) == ["request_id", "doc_url"], "a problem without request_id and doc_url")
        try hold(json["status"] == .integer(Int64(answer.status)), "a problem of another status")
        try checkFields(answer)
    }

    private static func checkFields(_ answer: Answer) throws(Disproof) {
        if answer.status == 405 { try hold(answer.fields[.allow] != nil, "405 without Allow") }
        if answer.status == 401 { try hold(answer.fields[.wwwAuthenticate] != nil, "401 without WWW-Authenticate") }
    }

    private static func isFlat(_ json: JSONValue, _ status: Int) -> Bool {
        guard case .object(let members) = json, members.map(\.name) == ["type", "code", "message"] else { return false }
        guard case .string(let message) = members[2].value, !message.isEmpty else { return false }
        let type: JSONValue = status < 500 ? "invalid_request" : "api_error"
        return members[0].value == type && members[1].value == .integer(Int64(status))
    }

    private static func isEnveloped(_ json: JSONValue) -> Bool {
        guard case .object(let members) = json, members.map(\.name) == ["error"] else { return false }
        guard case .object(let error) = members[0].value, error.map(\.name) == ["message", "type"] else { return false }
        guard error[1].value == "invalid_request_error" else { return false }
        switch error[0].value {
        case .string(let message): return !message.isEmpty
        case .object(let about): return about.map(\.name) == ["error", "id"]
        case .null, .bool, .number, .array: return false
        }
    }

    /// Paths that belong to no API.
    private static func isReserved(_ json: JSONValue, _ status: Int) -> Bool {
        json == .members(("status", "not found")) && status == 404
    }

    // MARK: - What was taken

    /// Numbers in answers are integers that fit, and no amount is below zero.
    private static func checkAmounts(_ json: JSONValue) throws(Disproof) {
        switch json {
        case .null, .bool, .string: break
        case .number(let token):
            guard let number = Int64(exactToken: token) else {
                throw Disproof(description: "\(token) is answered for an integer")
            }
            try hold(number >= 0, "\(number) is answered")
        case .array(let values): for value in values { try checkAmounts(value) }
        case .object(let members): for member in members { try checkAmounts(member.value) }
        }
    }

    /// A body that was carried out is one JSON object, with an amount as the contracts have it.
    private static func checkTaken(_ answer: Answer, _ json: JSONValue, _ request: RequestText) throws {
        guard [.post, .put, .patch].contains(request.method) else { return }
        // A step of our own API, such as `…/cancel`, needs no body.
        if request.body.isEmpty, request.isToOurs { return }
        let body: JSONValue
        do throws(JSONFault) { body = try JSONReader.read(request.body) } catch {
            throw Disproof(description: "\(error.reason) is taken for JSON")
        }
        guard case .object = body else { throw Disproof(description: "\(body.kind) is taken for an object") }
        guard let amount = body["amount"], let answered = json["amount"] else { return }
        guard case .number(let token) = amount, let number = Int64(exactToken: token) else {
            throw Disproof(description: "\(amount) is taken for an amount")
        }
        try hold((0...Amount.largest).contains(number), "\(number) is taken for an amount")
        try hold(answered == amount, "\(number) was asked for and \(answer.text) answered")
    }
}
