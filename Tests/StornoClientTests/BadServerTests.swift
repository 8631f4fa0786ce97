import StornoClient
import Testing

/// Servers that are none of ours, or are newer.
@Suite struct BadServerTests {
    @Test func `words and members of a newer server survive`() async throws {
        let server = ScriptedServer([.answer(200, ScriptedServer.customer)])
        #expect(try await server.client().customers.get("cus_1").name == "Jo")
        let status: RefundStatus = "on_the_moon"
        #expect(status.rawValue == "on_the_moon" && !status.isSettled && status != .queued)
        let problem = ScriptedServer([ScriptedServer.problem("no_such_code_yet", 418)])
        let error = await refusal { _ = try await problem.client().payments.get("pay_1") }
        #expect(error?.code == "no_such_code_yet")
    }

    @Test(arguments: [
        (200, "<html>"), (200, ""), (200, "[]"), (200, #"{"id": 7}"#), (200, #"{"id": "cus_1"}"#), (301, ""),
        (404, "no"),
        (200, #"{"id": "cus_1", "created_at": "yesterday", "updated_at": "2026-01-02T03:04:05Z"}"#),
    ])
    func `what is no answer of ours is told as such`(status: Int, body: String) async throws {
        let server = ScriptedServer([.answer(status, body, ["request-id": "req_9"])])
        let error = await refusal { _ = try await server.client().customers.get("cus_1") }
        guard case .unreadable(status, "req_9", _) = error else { throw Surprise() }
        #expect(server.requests.count == 1)
    }

    @Test func `a proxy's 502 is tried again, in whatever words`() async throws {
        let server = ScriptedServer([.answer(502, "<html>bad gateway</html>"), .answer(200, ScriptedServer.customer)])
        #expect(try await server.client().customers.get("cus_1").id == "cus_1")
        #expect(server.requests.count == 2)
    }

    @Test func `an answer that breaks in its middle is asked for again`() async throws {
        let server = ScriptedServer([.breaks([#"{"id": "cu"#]), .answer(200, ScriptedServer.customer)])
        #expect(try await server.client().customers.get("cus_1").id == "cus_1")
    }

    @Test func `an answer without an end is not read to its end`() async throws {
        let piece = String(repeating: " ", count: 1024 * 1024)
        let server = ScriptedServer([.streams(Array(repeating: piece, count: 40))])
        let error = await refusal { _ = try await server.client().customers.get("cus_1") }
        #expect(error == .unreadable(status: 200, requestID: nil, reason: "it is too long"))
    }

    @Test func `ids cannot leave their place in the path`() async throws {
        let server = ScriptedServer([.answer(200, ScriptedServer.customer)])
        _ = try await server.client().customers.get("../api_keys?a=b#c/ä")
        #expect(server.requests[0].url == "http://storno.test/storno/v1/customers/..%2Fapi_keys%3Fa%3Db%23c%2F%C3%A4")
    }

    @Test func `pages without items, and cursors without more, come to an end`() async throws {
        let server = ScriptedServer([
            .answer(200, #"{"object": "list", "data": [], "has_more": true, "next_cursor": "a"}"#),
            .answer(
                200,
                #"{"object": "list", "data": [\#(ScriptedServer.customer)], "has_more": true, "next_cursor": "b"}"#
            ),
            .answer(200, #"{"object": "list", "data": [], "has_more": true, "next_cursor": null}"#),
        ])
        var ids: [String] = []
        for try await customer in try server.client().customers.list() { ids.append(customer.id) }
        #expect(ids == ["cus_1"] && server.requests.count == 3)
        #expect(server.requests[2].url.hasSuffix("?limit=100&starting_after=b"))
    }
}
