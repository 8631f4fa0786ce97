import DialectKit
import Fuzzing
import HTTPTypes
import Testing

/// What breaks a rule is caught: a rule that cannot be broken says nothing.
@Suite struct RuleTests {
    private static let get = RequestText("GET /charges")

    private static func post(_ body: String) -> RequestText { RequestText("POST /refunds\n\n\(body)") }

    private static func answer(_ status: Int, _ body: String, _ fields: HTTPFields = [:]) -> Answer {
        var fields = fields
        fields[.contentType] = "application/json"
        return Answer(status: status, fields: fields, body: Array(body.utf8))
    }

    @Test func `what an API answers keeps the rules`() throws {
        let refusal = #"{"type":"invalid_request","code":400,"message":"No."}"#
        try AnswerRules.check(Self.answer(400, refusal), to: Self.get)
        let enveloped = #"{"error":{"message":"No.","type":"invalid_request_error"}}"#
        try AnswerRules.check(Self.answer(404, enveloped), to: Self.get)
        try AnswerRules.check(Self.answer(200, #"{"amount":7}"#), to: Self.post(#"{"amount":7}"#))
    }

    @Test(arguments: [
        answer(500, #"{"type":"api_error","code":500,"message":"Something went wrong."}"#),
        answer(503, #"{"type":"api_error","code":503,"message":"Busy."}"#),
        answer(302, "{}"),
        answer(400, #"{"type":"invalid_request","code":404,"message":"No."}"#),
        answer(400, #"{"type":"invalid_request","code":400,"message":""}"#),
        answer(400, #"{"code":400,"message":"No."}"#),
        answer(400, #"{"error":{"type":"invalid_request_error","message":"No."}}"#),
        answer(405, #"{"type":"invalid_request","code":405,"message":"No."}"#),
        answer(401, #"{"type":"invalid_request","code":401,"message":"No."}"#),
        answer(200, #"{"a":1,}"#),
        answer(200, #"{"amount":-1}"#),
        answer(200, #"{"amount":1.0}"#),
        Answer(status: 200, fields: [:], body: Array("{}".utf8)),
        Answer(status: 200, fields: [:], body: []),
    ])
    func `an answer that no API gives is caught`(answer: Answer) {
        #expect(throws: Disproof.self) { try AnswerRules.check(answer, to: Self.get) }
    }

    @Test(arguments: [
        #"{"amount":"7"}"#, #"{"amount":7.0}"#, #"{"amount":8}"#, #"{"amount":-7}"#, #"{"amount":7,}"#, "[7]",
        #"{"amount":1000000000001}"#,
    ])
    func `a body that is carried out and should not be is caught`(body: String) {
        #expect(throws: Disproof.self) {
            try AnswerRules.check(Self.answer(200, #"{"amount":7}"#), to: Self.post(body))
        }
    }

    @Test func `a target whose rule does not hold is disproved`() throws {
        let planted = try #require(FuzzTarget.named("planted"))
        try planted.check(Array("[1,2]".utf8))
        #expect(throws: Disproof.self) { try planted.check(Array("[1,2,3]".utf8)) }
    }
}
