/// What a person can decide about a refund whose evidence contradicts itself.
package enum Resolution: String, CaseIterable, Codable, Sendable {
    case succeeded
    case failed
    case reversed
    case canceled

    /// The person's word, as evidence.
    package var claim: EvidenceClaim {
        switch self {
        case .succeeded: .succeeded
        case .failed: .refused
        case .reversed: .returned
        case .canceled: .withdrawn
        }
    }
}
