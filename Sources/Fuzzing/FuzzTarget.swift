/// A parser that sees bytes from outside, and what holds of it whatever they are.
package struct FuzzTarget: Sendable {
    /// As the folder of its corpus is called.
    package let name: String
    private let rules: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, _ rules: @Sendable @escaping ([UInt8]) throws -> Void) {
        self.name = name
        self.rules = rules
    }

    /// - Throws: ``Disproof`` where a rule does not hold; any other error is one that the parser let out.
    package func check(_ bytes: [UInt8]) throws { try rules(bytes) }
}

extension FuzzTarget {
    package static let all: [FuzzTarget] = [
        json, fields, identifiers, query, cardNumber, authorization, idempotencyKey, traceParent, host, targetURL,
        instant, settings, history, administration, cari, collctiv, stancer, storno, frontDoor,
    ]

    package static func named(_ name: String) -> FuzzTarget? { ([planted] + all).first { $0.name == name } }
}

/// What was found where a rule does not hold.
package struct Disproof: Error, CustomStringConvertible {
    package let description: String
}

/// - Throws: ``Disproof`` with the words where the condition is not met.
func hold(_ condition: Bool, _ words: @autoclosure () -> String) throws(Disproof) {
    if !condition { throw Disproof(description: words()) }
}
