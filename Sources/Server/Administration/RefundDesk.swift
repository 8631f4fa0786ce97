import Domain
import Engine
import Storage

/// What a person can want done with one refund.
package enum RefundAction: Codable, Sendable {
    case approve(note: String?)
    case reject(note: String?)
    case resolve(Resolution, note: String)
    case recheck
    case cancel

    /// What a person may write about a decision, in characters.
    private static let longestNote = 4000

    /// - Throws: ``AdminRefusal`` for what nobody could carry out.
    package func check() throws(AdminRefusal) {
        let note: String? =
            switch self {
            case .approve(let note), .reject(let note): note
            case .resolve(_, let note): note
            case .recheck, .cancel: nil
            }
        guard (note ?? "").unicodeScalars.count <= Self.longestNote else {
            throw AdminRefusal("The note has more than \(Self.longestNote) characters. Say it in fewer.")
        }
        try AdminRefusal.refuseCardNumber(in: note, "note")
    }
}

/// Carries out what operators decide about refunds.
struct RefundDesk {
    let engine: Engine

    func carryOut(_ action: RefundAction, on text: String, by user: String) async throws -> RefundSummary {
        try action.check()
        let (id, book) = try await RefundName.find(text, in: engine.store)
        let name = ObjectName(.refund, id.raw, in: book)
        let origin = Origin(book: book, actor: Actor(.operator, user), requestID: nil, dialect: "storno")
        do throws(EngineFailure) {
            let refund = try await perform(action, name, origin)
            return RefundSummary(refund, account: try await accountName(of: book))
        } catch {
            throw AdminRefusal(OperatorWording.sentence(for: error, about: ObjectText.text(id.raw)))
        }
    }

    private func perform(
        _ action: RefundAction,
        _ name: ObjectName,
        _ origin: Origin
    ) async throws(EngineFailure) -> Refund {
        switch action {
        case .approve(let note): try await decide(true, note, name, origin)
        case .reject(let note): try await decide(false, note, name, origin)
        case .resolve(let decision, let note):
            try await engine.perform(ResolveRefund(origin: origin, refund: name, decision: decision, note: note)).refund
        case .recheck: try await engine.perform(RecheckRefund(origin: origin, refund: name)).refund
        case .cancel: try await engine.perform(CancelRefund(origin: origin, refund: name)).refund
        }
    }

    private func decide(
        _ isApproved: Bool,
        _ note: String?,
        _ name: ObjectName,
        _ origin: Origin
    ) async throws(EngineFailure) -> Refund {
        let command = DecideApproval(
            origin: origin,
            refund: name,
            isApproved: isApproved,
            note: note,
            policy: RefundPolicy(engine.directory.settings(of: origin.book))
        )
        return try await engine.perform(command).refund
    }

    private func accountName(of book: Book) async throws(EngineFailure) -> String {
        do {
            return try await engine.store.accounts().first { $0.number == Account.number(of: book) }?.name ?? ""
        } catch {
            throw .storageUnavailable
        }
    }
}
