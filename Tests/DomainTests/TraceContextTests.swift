import Domain
import Testing

/// As W3C Trace Context asks of whoever reads a `traceparent`.
@Suite struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test(arguments: [
        ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false),
        // Flags that have no meaning yet say nothing.
        ("00-\(trace)-\(span)-fe", false), ("00-\(trace)-\(span)-ff", true),
        // Of a version to come, the part that there is today.
        ("cc-\(trace)-\(span)-01", true), ("01-\(trace)-\(span)-00-what-else", false),
        ("cc-\(trace)-\(span)-01-", true),
    ])
    func `a step of a trace is read`(field: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(field: field))
        #expect(context.trace == Self.trace && context.span == Self.span && context.isSampled == isSampled)
        #expect(context.field == "00-\(Self.trace)-\(Self.span)-\(isSampled ? "01" : "00")")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-010",
        "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-what-else", "cc-\(trace)-\(span)-01.what-else",
        "ff-\(trace)-\(span)-01", "FF-\(trace)-\(span)-01", "0-\(trace)-\(span)-001", ".0-\(trace)-\(span)-01",
        "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01", "00-\(trace)-\(span)-0F",
        "00-\(String(repeating: "0", count: 32))-\(span)-01", "00-\(trace)-\(String(repeating: "0", count: 16))-01",
        "00-\(trace.dropLast())g-\(span)-01", "00-\(trace.dropLast())-\(span)-01a", "00_\(trace)_\(span)_01",
        " 00-\(trace)-\(span)-01", "00-\(trace)-\(span)-01 ", "00-\(trace)-\(span)-\u{0661}1",
    ])
    func `what is no valid step is ignored`(field: String) {
        #expect(TraceContext(field: field) == nil)
    }

    @Test func `a request is named by its step, and leads back to it`() throws {
        let caller = try #require(TraceContext(field: "00-\(Self.trace)-\(Self.span)-01"))
        let request = caller.step(0x1f)
        #expect(request.requestID == "req_\(Self.trace)-000000000000001f-01")
        #expect(TraceContext(requestID: request.requestID) == request)
        #expect(request.field == "00-\(Self.trace)-000000000000001f-01")
    }

    @Test(arguments: [
        "", "req_0fmz9gq41l2yd0bn4pk", "\(trace)-\(span)-01", "req_\(trace)-\(span)-0", "rex_\(trace)-\(span)-01",
        "req_\(trace)-\(span)-02",
    ])
    func `other ids belong to no trace`(id: String) {
        #expect(TraceContext(requestID: id) == nil)
    }
}
