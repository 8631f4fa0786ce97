import DialectKit
import Domain
import HTTPTypes

/// Names a request in answers, logs and all that it brings about.
enum RequestIdentifier {
    /// - Parameter fields: one valid `traceparent` among them makes the request a step of that trace.
    static func next(_ fields: HTTPFields) -> String {
        var generator = SystemRandomNumberGenerator()
        if let trace = caller(fields) { return trace.step(generator.next(upperBound: .max) + 1).requestID }
        let number = UInt128(generator.next()) << 32 | UInt128(generator.next() >> 32)
        // As long each time, so that no answer's length depends on it.
        return "req_" + String(decoding: number.digits(in: Alphabet.base36, count: 19), as: UTF8.self)
    }

    private static func caller(_ fields: HTTPFields) -> TraceContext? {
        let values = fields[values: .traceParent]
        return values.count == 1 ? TraceContext(field: values[0]) : nil
    }
}
