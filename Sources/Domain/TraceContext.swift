/// A place in a trace that others began, as W3C Trace Context writes it in `traceparent`: `00-<trace>-<span>-<flags>`.
package struct TraceContext: Sendable, Equatable {
    /// Names the whole trace: 32 hexadecimal digits in lower case, not all of them 0.
    package let trace: String
    /// Names the step that this is about: 16 such digits.
    package let span: String
    /// Whether whoever began it keeps records of it.
    package let isSampled: Bool

    /// From the value of a `traceparent`.
    ///
    /// - Returns: `nil` for one that is to be ignored. Of a version that is not known yet, the part that all have is read.
    package init?(field: String) {
        let text = Array(field.utf8)
        guard text.count >= 55, text[2] == Self.dash, text[35] == Self.dash, text[52] == Self.dash,
            let version = Self.digits(text[0..<2]), version != "ff", text.count == 55 || Self.goesOn(version, text),
            let trace = Self.digits(text[3..<35]), trace != Self.noTrace,
            let span = Self.digits(text[36..<52]), span != Self.noSpan,
            let flags = Self.digits(text[53..<55]).flatMap({ UInt8($0, radix: 16) })
        else { return nil }
        self.trace = trace
        self.span = span
        isSampled = flags & 1 == 1
    }

    /// Another step of the same trace.
    private init(_ other: TraceContext, span: String) {
        trace = other.trace
        self.span = span
        isSampled = other.isSampled
    }

    /// The step after this one.
    ///
    /// - Parameter number: names it; not 0.
    package func step(_ number: UInt64) -> TraceContext {
        precondition(number != 0, "a span has a name")
        let digits = String(number, radix: 16)
        return TraceContext(self, span: String(repeating: "0", count: 16 - digits.utf8.count) + digits)
    }

    /// As the value of a `traceparent`, to be sent on.
    package var field: String { "00-\(text)" }

    private var text: String { "\(trace)-\(span)-\(isSampled ? "01" : "00")" }

    private static let dash = UInt8(ascii: "-")
    private static let noTrace = String(repeating: "0", count: 32)
    private static let noSpan = String(repeating: "0", count: 16)

    /// Later versions may say more, behind another dash.
    private static func goesOn(_ version: String, _ text: [UInt8]) -> Bool { version != "00" && text[55] == dash }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> String? {
        let areDigits = bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return areDigits ? String(decoding: bytes, as: UTF8.self) : nil
    }
}

extension TraceContext {
    /// What a request of a trace is named by: with the objects and events that it makes, it is kept for as long as they are.
    package var requestID: String { "req_\(text)" }

    /// The step that a request was; `nil` for the id of one that came without a trace.
    package init?(requestID: String) {
        guard requestID.utf8.count == 56, requestID.hasPrefix("req_"),
            let step = TraceContext(field: "00-\(requestID.dropFirst(4))"), step.requestID == requestID
        else { return nil }
        self = step
    }
}
