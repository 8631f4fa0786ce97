import Domain
import Engine

/// A fault planted on purpose, by putting another value in place of a rule or by a store that is not one. The
/// simulator is worth what it catches of these.
struct Mutant: Sendable {
    /// What is wrong, in few words.
    let name: String
    let plant: @Sendable (inout Run.Setup) -> Void

    init(_ name: String, _ plant: @Sendable @escaping (inout Run.Setup) -> Void) {
        self.name = name
        self.plant = plant
    }

    static let all =
        amounts + postings + events + lifecycle + fold + sending + hearing + idempotency + people + stores

    var setup: Run.Setup {
        var setup = Run.Setup()
        plant(&setup)
        return setup
    }
}

extension Mutant {
    private static let idempotency: [Mutant] = [
        Mutant("a key answers for any body") { $0.rules.idempotency.isSame = { _, _ in true } },
        Mutant("an answer is not kept with its key") { $0.rules.idempotency.keeps = { _ in false } },
        Mutant("a repetition counts as another body") { $0.rules.idempotency.isSame = { _, _ in false } },
    ]

    private static let events: [Mutant] = [
        Mutant("success makes no event") {
            $0.rules.events.tells = { before, after in before != after && after != .succeeded }
        },
        Mutant("a doubt makes no event") {
            $0.rules.events.tells = { before, after in before != after && after != .inDoubt }
        },
        Mutant("nothing new makes an event") { $0.rules.events.tells = { _, _ in true } },
    ]

    private static let stores: [Mutant] = [
        Mutant("the store answers before the commit is durable") { $0.flaws.answersEarly = true },
        Mutant("the store lets two writers work on the same rows") { $0.flaws.losesUpdates = true },
    ]
}
