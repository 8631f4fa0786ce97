import Domain
import Logging
import Storage

/// Asks a shared database about keys that are not known here: one question at a time, however many wait for an answer.
/// That is also what holds down those who send keys that never were any.
actor KeyInquiry {
    private enum Turn {
        case answered(Result<Void, StoreFailure>)
        /// The question before has been answered: this one is to be asked now.
        case ask
    }

    private var isAsking = false
    private var waiting: [CheckedContinuation<Turn, Never>] = []

    /// Returns when everything that was changed before this call is known.
    func run(_ directory: Directory, _ store: any Store) async throws(StoreFailure) {
        if isAsking, case .answered(let result) = await withCheckedContinuation({ waiting.append($0) }) {
            return try result.get()
        }
        isAsking = true
        let others = waiting
        waiting = []
        let result = await Self.ask(directory, store)
        for other in others { other.resume(returning: .answered(result)) }
        if waiting.isEmpty { isAsking = false } else { waiting.removeFirst().resume(returning: .ask) }
        try result.get()
    }

    private static func ask(_ directory: Directory, _ store: any Store) async -> Result<Void, StoreFailure> {
        do throws(StoreFailure) {
            return .success(try await directory.catchUp(with: store))
        } catch {
            return .failure(error)
        }
    }
}

extension Engine {
    /// Makes sure that a key counts here as soon as it was made anywhere: one that is not known is looked for in the
    /// database, where other processes share it.
    ///
    /// - Returns: whether it can be told now what the credential is.
    package func canTell(_ credential: String?) async -> Bool {
        guard let credential, store.isShared, !directory.knows(credential) else { return true }
        do throws(StoreFailure) {
            try await inquiry.run(directory, store)
            return true
        } catch {
            logger.error("an unknown key could not be looked for", metadata: ["reason": "\(error)"])
            return false
        }
    }
}
