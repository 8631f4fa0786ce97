import StornoClient
import Testing

/// What is tried again, and how it is never done twice.
@Suite struct RetryTests {
    @Test func `a busy server is asked again after what it says, with the same key`() async throws {
        let server = ScriptedServer([
            ScriptedServer.problem("busy", 503, retryAfter: "2"), .fails(.unreachable("reset")), .fails(.timedOut),
            ScriptedServer.problem("idempotency_in_progress", 409), .answer(200, ScriptedServer.customer),
        ])
        let made = try await server.client().customers.create(name: "Jo")
        #expect(made.name == "Jo" && server.requests.count == 5)
        let keys = Set(server.values(of: "idempotency-key"))
        #expect(keys.count == 1 && keys.first.map { $0 != nil } == true)
        let pauses = server.clock.pauses
        #expect(pauses.count == 4 && pauses[0] == .seconds(2))
        // Half a second doubled each time, each up to half shorter.
        for (number, pause) in pauses.enumerated().dropFirst() {
            let most = Duration.milliseconds(500 << number)
            #expect(pause <= most && pause >= most / 2, "\(number) is \(pause)")
        }
    }

    @Test func `every try of a call belongs to the caller's trace, and no other call does`() async throws {
        let server = ScriptedServer([.fails(.timedOut), .answer(200, ScriptedServer.customer)])
        let field = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let client = try server.client()
        _ = try await StornoClient.$traceParent.withValue(field) { try await client.customers.create(name: "Jo") }
        _ = try await client.customers.create(name: "Jo")
        #expect(server.values(of: "traceparent") == [field, field, nil])
    }

    @Test(arguments: [
        ("invalid_parameter", 400), ("unauthorized", 401), ("missing_scope", 403), ("not_found", 404),
        ("exceeds_refundable", 409), ("payment_changed", 412), ("idempotency_mismatch", 422), ("internal_fault", 500),
    ])
    func `what is refused for good is not tried again`(code: String, status: Int) async throws {
        let server = ScriptedServer([ScriptedServer.problem(code, status)])
        let error = await refusal { _ = try await server.client().payments.get("pay_1") }
        #expect(server.requests.count == 1 && server.clock.pauses.isEmpty)
        #expect(error?.code == ErrorCode(rawValue: code) && error?.problem?.status == status)
        #expect(
            error?.requestID == "req_1"
                && error?.problem?.facts == ["limit": 7, "type": "/e"].filter { $0.key != "type" }
        )
    }

    @Test func `it gives up after so many tries, with what was said last`() async throws {
        let server = ScriptedServer([.fails(.unreachable("nobody listens"))])
        let error = await refusal { _ = try await server.client { $0.retries = 2 }.payments.get("pay_1") }
        #expect(error == .unreachable("nobody listens"))
        #expect(server.requests.count == 3 && server.clock.pauses.count == 2)
    }

    @Test func `more patience than there is is not had`() async throws {
        let server = ScriptedServer([ScriptedServer.problem("rate_limited", 429, retryAfter: "3600")])
        let error = await refusal { _ = try await server.client().payments.get("pay_1") }
        #expect(error?.retryAfter == .seconds(3600) && server.requests.count == 1)
    }

    @Test func `what only reads has no key, and a given one is kept`() async throws {
        let server = ScriptedServer([.answer(200, ScriptedServer.customer)])
        let storno = try server.client()
        _ = try await storno.customers.get("cus_1")
        _ = try await storno.customers.create(name: "Jo", idempotencyKey: "mine")
        _ = try await storno.customers.update("cus_1", name: .set("Jo"))
        _ = try await storno.customers.update("cus_1", name: .set("Jo"))
        let keys = server.values(of: "idempotency-key")
        #expect(keys[0] == nil && keys[1] == "mine")
        #expect(keys[2] != nil && keys[2] != keys[3])
        #expect(Set(server.values(of: "storno-version")) == [StornoClient.apiVersion])
        #expect(Set(server.values(of: "authorization")) == ["Bearer storno_test_x"])
    }

    @Test func `what a lost try deleted is deleted`() async throws {
        let lost = ScriptedServer([.fails(.timedOut), ScriptedServer.problem("not_found", 404)])
        try await lost.client().customers.delete("cus_1")
        #expect(lost.requests.count == 2)
        let never = ScriptedServer([ScriptedServer.problem("busy", 503), ScriptedServer.problem("not_found", 404)])
        let error = await refusal { try await never.client().customers.delete("cus_1") }
        #expect(error?.code == .notFound)
    }

    @Test func `a call ends with its task`() async throws {
        let server = ScriptedServer([.fails(.unreachable("reset"))])
        let storno = try server.client()
        let call = Task { await refusal { _ = try await storno.payments.get("pay_1") } }
        call.cancel()
        #expect(await call.value == .canceled)
    }

    @Test(arguments: [
        "localhost:8080", "", "ftp://a", "http://", "http://a b", "http://u@a", "http://a/?q", "http://a#f",
        "http:///x",
    ])
    func `an address that is none is refused at once`(address: String) async throws {
        #expect(throws: StornoError.invalidAddress(address)) { try StornoClient(address: address, key: "k") }
    }
}
