/// What a look at one thing of an installation came to.
package struct Diagnosis: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable {
        case ok
        /// It works, and may soon not, or not as meant.
        case warning
        /// It does not work.
        case problem
    }

    /// What was looked at, such as `secret_key`.
    package let check: String
    package let verdict: Verdict
    /// A sentence.
    package let says: String
    /// What to do about it; `nil` where there is nothing to do.
    package let advice: String?

    static func ok(_ check: String, _ says: String) -> Diagnosis {
        Diagnosis(check: check, verdict: .ok, says: says, advice: nil)
    }

    static func warning(_ check: String, _ says: String, _ advice: String) -> Diagnosis {
        Diagnosis(check: check, verdict: .warning, says: says, advice: advice)
    }

    static func problem(_ check: String, _ says: String, _ advice: String) -> Diagnosis {
        Diagnosis(check: check, verdict: .problem, says: says, advice: advice)
    }
}
