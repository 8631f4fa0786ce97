#if PostgreSQL
import Rows
import Storage

/// Why a statement, or a connection, failed.
enum PostgresFailure: Error, Sendable {
    /// The server's own refusal: its SQLSTATE, its words, and what it calls the rule that was broken.
    case refused(state: String, words: String)
    /// The connection is gone, or did not answer in time. What was under way may have happened.
    case lost(String)
    /// No connection could be had in time.
    case unreachable(String)

    var state: String? { if case .refused(let state, _) = self { state } else { nil } }

    /// Whether the same transaction may succeed when it is done again: it met another one, and nothing of it is there.
    ///
    /// 40001 and 40P01 are the database's own words for that. A unique key that another node has just taken (23505) is
    /// seen, and decided upon, by the next try.
    var isConflict: Bool { ["40001", "40P01", "23505"].contains(state) }
}

extension StoreFailure {
    init(_ error: any Error) {
        switch error {
        case let failure as StoreFailure: self = failure
        case let damaged as DamagedRow: self = .damaged("\(damaged); `storno verify` tells more")
        case let missing as SecretKeyMissing: self = .unavailable(missing.description)
        case PostgresFailure.lost(let words), PostgresFailure.unreachable(let words): self = .unavailable(words)
        case PostgresFailure.refused(let state, let words): self = Self.refusal(state, "PostgreSQL \(state): \(words)")
        default: self = .unavailable(String(describing: type(of: error)))
        }
    }

    private static func refusal(_ state: String, _ words: String) -> StoreFailure {
        // 22: a value that no column takes; 23: a constraint; P0001: a trigger.
        if state.hasPrefix("22") || state.hasPrefix("23") || state == "P0001" { return .constraint(words) }
        if state.hasPrefix("XX") { return .damaged(words) }
        return .unavailable(words)
    }
}
#endif
