import ConnectorKit
import Domain

/// What a processor makes of a refund that it has taken.
enum Fate: Sendable {
    case succeeds(after: Int64)
    case declined
    case refusedLater(after: Int64)
    case returnedLater(success: Int64, back: Int64)
    case needsPayer(acts: Bool, after: Int64)
    /// Answers about one unit less.
    case otherAmount(after: Int64)
    /// Answers failure, and pays all the same.
    case lateSuccess(after: Int64)
}

/// One refund in a processor's own books. Times are the world's milliseconds, amounts minor units.
struct Operation: Sendable {
    let number: Int
    let order: RefundOrder
    let receivedAt: Int64
    /// Before this an inquiry does not show it.
    let visibleAt: Int64
    let fate: Fate

    /// What the processor would say at a time.
    func claim(at now: Int64) -> (claim: EvidenceClaim, since: Int64) {
        func turn(_ after: Int64, _ before: EvidenceClaim, _ then: EvidenceClaim) -> (EvidenceClaim, Int64) {
            now >= receivedAt + after ? (then, receivedAt + after) : (before, receivedAt)
        }
        return switch fate {
        case .succeeds(let after), .otherAmount(let after): turn(after, .accepted, .succeeded)
        case .declined: (.refused, receivedAt)
        case .refusedLater(let after): turn(after, .accepted, .refused)
        case .returnedLater(let success, let back):
            now >= receivedAt + back ? (.returned, receivedAt + back) : turn(success, .accepted, .succeeded)
        case .needsPayer(let acts, let after): turn(after, .actionRequired, acts ? .succeeded : .refused)
        case .lateSuccess(let after): turn(after, .refused, .succeeded)
        }
    }

    /// When it says something new.
    var changes: [Int64] {
        switch fate {
        case .declined: []
        case .succeeds(let after), .otherAmount(let after), .refusedLater(let after), .needsPayer(_, let after),
            .lateSuccess(let after):
            [after]
        case .returnedLater(let success, let back): [success, back]
        }
    }

    /// Whether the payer has the money, or will have unless it is refused.
    func holdsMoney(at now: Int64) -> Bool {
        switch claim(at: now).claim {
        case .accepted, .actionRequired, .actionTaken, .succeeded: true
        case .none, .unsent, .postponed, .refused, .returned, .absent, .contradicted, .withdrawn: false
        }
    }

    /// Whether no honest reading of what it says is free of contradiction.
    var contradictsItself: Bool {
        switch fate {
        case .otherAmount, .lateSuccess: true
        case .succeeds, .declined, .refusedLater, .returnedLater, .needsPayer: false
        }
    }

    /// - Parameter tellsNext: whether the processor says when to ask again.
    func answer(at now: Int64, tellsNext: Bool) -> ProcessorAnswer {
        let (claim, since) = claim(at: now)
        var amount = order.amount
        if case .otherAmount = fate, claim == .succeeded { amount -= 1 }
        let next = changes.map { receivedAt + $0 }.first { $0 > now }
        return ProcessorAnswer(
            claim: claim,
            reference: "op\(number)",
            amount: amount,
            currency: order.currency,
            failure: claim == .refused ? RefundFailure(.declined) : nil,
            processorTime: World.beginning.adding(.milliseconds(since)),
            until: !tellsNext ? nil : next.map { World.beginning.adding(.milliseconds($0)) }
        )
    }
}
