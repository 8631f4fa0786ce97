import Domain
import MemoryStorage
import Storage

/// Looks at every commit from the rows alone, with sums and tables of its own: what the engine believes about
/// itself counts for nothing here.
final class Checker: @unchecked Sendable {
    private let world: World
    private let database: MemoryDatabase
    private var walks: [ObjectReference: String] = [:]
    private var balances: [Balance: Int64] = [:]
    private var keys: Set<String> = []
    private var newest: [Book: Moment] = [:]
    /// Refunds that a person had to look at because asking led nowhere for too long.
    private(set) var givenUp: Set<Refund.ID> = []
    private let longestDoubt: Duration
    private let approvalAbove: Int64?
    /// Connectors whose processors cannot be asked.
    private let blind: Set<String>

    private struct Balance: Hashable {
        let book: Book
        let account: LedgerAccount
    }

    init(world: World, database: MemoryDatabase, longestDoubt: Duration, blind: Set<String>, approvalAbove: Int64?) {
        self.world = world
        self.database = database
        self.longestDoubt = longestDoubt
        self.blind = blind
        self.approvalAbove = approvalAbove
        database.onCommit = { [weak self] before, set, process in self?.look(before, set, process) }
    }

    private func look(_ before: Tables, _ set: WorkingSet, _ process: Process?) {
        tell(set, process)
        for event in set.events where event.object.kind == .refund { walk(event) }
        for attempt in set.attempts.updatedRows { compare(attempt, before) }
        for attempt in set.attempts.insertedRows { allow(attempt, before) }
        for fact in set.evidence where fact.source == .notification {
            if before.refunds[fact.refund.raw]?.status == .dispatching { world.meet(.hintBeforeReply) }
        }
        for refund in set.refunds.insertedRows { admit(refund) }
        for dispute in set.disputes.insertedRows { meetDispute(of: dispute.payment, before) }
        for refund in set.refunds.insertedRows + set.refunds.updatedRows { check(refund, before) }
        var touched = set.payments.insertedRows.map(\.id) + set.payments.updatedRows.map(\.id)
        touched += (set.refunds.insertedRows + set.refunds.updatedRows).map(\.payment)
        for id in touched { checkSums(of: id) }
        book(set.entries)
    }

    private func tell(_ set: WorkingSet, _ process: Process?) {
        world.note(
            "node \(process?.number ?? 0) commits "
                + (set.payments.insertedRows.map { "\(world.trace.name("payment", $0.id.raw)) of \($0.authorized)" }
                + set.refunds.insertedRows.map {
                    "\(world.trace.name("refund", $0.id.raw)) of \($0.amount) from "
                        + "\(world.trace.name("payment", $0.payment.raw)) \($0.status)"
                }
                + set.attempts.insertedRows.map {
                    "attempt \($0.number) of \(world.trace.name("refund", $0.refund.raw))"
                }
                + set.evidence.map {
                    "\($0.source) says \($0.claim) of \(world.trace.name("refund", $0.refund.raw))"
                }
                + set.refunds.updatedRows.map { "\(world.trace.name("refund", $0.id.raw)) is \($0.status)" })
                .joined(separator: ", ")
        )
    }
}

// MARK: - One refund

extension Checker {
    /// Each change of status is one event, and only moves that are allowed are made.
    private func walk(_ event: Event) {
        let status = event.part.members.first { $0.name == "status" }
        guard case .text(let after)? = status?.value else {
            return world.fail("an event shows its refund's status", name(event.object))
        }
        defer { walks[event.object] = after }
        guard let before = walks[event.object] else {
            return begin(event.object, as: after)
        }
        let isAllowed = Checker.moves[before]?.contains(after) == true
        world.expect(isAllowed, "only allowed moves are made", "\(name(event.object)) went \(before) → \(after)")
        if before == "awaiting_approval", after == "queued" {
            world.expect(event.actor.kind == .operator, "a person lets a refund out", name(event.object))
        }
        if before == "needs_review" {
            world.expect(event.actor.kind == .operator, "a person ends a review", name(event.object))
        }
    }

    /// A refund is queued, or waits for a person if it is above the bound; what had happened already is done.
    private func begin(_ object: ObjectReference, as status: String) {
        guard let refund = database.tables.refunds[object.id] else {
            return world.fail("an event is about something that is there", name(object))
        }
        let mustWait = approvalAbove.map { refund.amount > $0 } ?? false
        let beginning = refund.kind != .refund ? "succeeded" : mustWait ? "awaiting_approval" : "queued"
        world.expect(status == beginning, "a refund begins where it should", "\(name(object)) \(status)")
    }

    /// The table of moves (`refund-systems`, 2.2), with what late evidence may do to a refund that is queued again.
    private static let moves: [String: Set<String>] = {
        let outcomes: Set = ["submitted", "requires_action", "succeeded", "reversed", "failed", "needs_review"]
        return [
            "awaiting_approval": ["queued", "canceled"],
            "queued": outcomes.union(["dispatching", "in_doubt", "canceled"]),
            "dispatching": outcomes.union(["queued", "in_doubt"]),
            "in_doubt": outcomes.union(["queued"]),
            "submitted": outcomes.subtracting(["submitted"]),
            "requires_action": outcomes.subtracting(["requires_action"]).union(["canceled"]),
            "succeeded": ["reversed", "needs_review"],
            "reversed": ["needs_review"],
            "failed": ["needs_review", "reversed"],
            "canceled": ["needs_review"],
            "needs_review": ["succeeded", "failed", "reversed", "canceled"],
        ]
    }()

    private func admit(_ refund: Refund) {
        if let key = refund.requestID, key.hasPrefix("key ") {
            world.expect(keys.insert(key).inserted, "one key makes one refund", "\(key) made another")
        }
        if world.profile.nodes == 1 {
            let last = newest[refund.book] ?? refund.createdAt
            world.expect(refund.createdAt >= last, "created never decreases", name(refund))
            newest[refund.book] = refund.createdAt
        }
    }

    private func check(_ refund: Refund, _ before: Tables) {
        let tables = database.tables
        let events = tables.events[ObjectReference(.refund, refund.id.raw)] ?? []
        world.expect(
            events.map(\.sequence) == Array(1...max(1, refund.sequence)),
            "events are numbered without gaps",
            "\(name(refund)) has \(events.map(\.sequence)) and is at \(refund.sequence)"
        )
        world.expect(
            walks[ObjectReference(.refund, refund.id.raw)] == refund.status.rawValue,
            "the newest event shows the status",
            name(refund)
        )
        let isOpen = ["queued", "dispatching", "in_doubt", "submitted", "requires_action", "awaiting_approval"]
            .contains(refund.status.rawValue)
        world.expect(!isOpen || refund.dueAt != nil, "what is open has a next turn", name(refund))
        let attempts = tables.attempts[refund.id] ?? []
        world.expect(attempts.count == Int(refund.attempts), "attempts are counted", name(refund))
        if refund.status == .dispatching || refund.status == .inDoubt {
            world.expect(!attempts.isEmpty, "an attempt is written before its call", name(refund))
        }
        world.expect(refund.processorReference != "lie", "a hint is not believed", name(refund))
        checkEntries(of: refund, tables)
        let was = before.refunds[refund.id.raw]?.status
        if refund.status == .needsReview, was != .needsReview { excuse(refund) }
        // What can have left is not called off, and not sent again, when its payment's money went elsewhere.
        if refund.status == .needsReview, was == .queued { givenUp.insert(refund.id) }
        if refund.status == .queued, was == .inDoubt { world.meet(.sentAgainAfterAbsence) }
        if refund.kind == .void { world.meet(.voided) }
        if was == .awaitingApproval { leave(refund) }
    }

    /// What a refund's entries hold and have paid is what its status says.
    private func checkEntries(of refund: Refund, _ tables: Tables) {
        let entries = tables.entriesByCause[ObjectReference(.refund, refund.id.raw)] ?? []
        var (held, paid): (Int64, Int64) = (0, 0)
        for entry in entries {
            held +=
                entry.credit == .refundsReserved ? entry.amount : entry.debit == .refundsReserved ? -entry.amount : 0
            paid += entry.credit == .processorFunds ? entry.amount : entry.debit == .processorFunds ? -entry.amount : 0
        }
        let moves = refund.kind != .void
        let holds = Checker.reserving.contains(refund.status.rawValue)
        world.expect(
            held == (moves && holds ? refund.amount : 0)
                && paid == (moves && refund.status == .succeeded ? refund.amount : 0),
            "a refund's entries are what its status says",
            "\(name(refund)) is \(refund.status), holds \(held), has paid \(paid)"
        )
    }

    private static let reserving: Set = [
        "awaiting_approval", "queued", "dispatching", "in_doubt", "submitted", "requires_action", "needs_review",
    ]

    /// What a dispute found of its payment's refunds; those that nothing was sent for are withdrawn with it.
    private func meetDispute(of payment: Payment.ID, _ before: Tables) {
        for id in before.refundsOfPayment[payment] ?? [] {
            guard let was = before.refunds[id.raw], let now = database.tables.refunds[id.raw] else { continue }
            switch was.status {
            case .queued where was.firstSentAt == nil, .awaitingApproval:
                world.meet(.withdrawnForDispute)
                world.expect(now.status != was.status, "a dispute withdraws what was not sent", name(now))
            case .dispatching, .inDoubt, .submitted:
                world.meet(.disputedInFlight)
                // The same batch may have heard that the call never left.
                let newest = database.tables.evidence[id]?.max { $0.id < $1.id }
                let neverLeft = now.firstSentAt == nil && newest?.claim == .unsent
                world.expect(now.status != .canceled || neverLeft, "what was sent is not withdrawn", name(now))
            default: break
            }
        }
    }

    /// Nobody's approval comes after its time, and an approved refund is not a rejected one.
    private func leave(_ refund: Refund) {
        if refund.status == .canceled, refund.failure?.detail != nil { world.meet(.approvalExpired) }
    }

    /// Nothing new goes out while the payment's money is claimed from elsewhere.
    private func allow(_ attempt: Attempt, _ before: Tables) {
        guard let refund = before.refunds[attempt.refund.raw], refund.status == .queued,
            let was = before.payments[refund.payment.raw],
            let now = database.tables.payments[refund.payment.raw]
        else { return }
        let isBarred = [was, now].allSatisfy { $0.disputed > 0 || $0.excess > 0 }
        world.expect(!isBarred, "nothing goes out of a disputed payment", name(refund))
    }

    /// An attempt that has ended stays as it ended.
    private func compare(_ attempt: Attempt, _ before: Tables) {
        let old = before.attempts[attempt.refund]?.first { $0.number == attempt.number }
        world.expect(
            old?.outcome == nil || old == attempt,
            "an attempt ends once",
            "attempt \(attempt.number) of \(world.trace.name("refund", attempt.refund.raw))"
        )
    }

    private func excuse(_ refund: Refund) {
        if blind.contains(refund.connector) { world.meet(.blindDoubt) }
        let started = database.tables.attempts[refund.id]?.map(\.startedAt).min()
        let since = [refund.firstSentAt, started].compactMap(\.self).min() ?? refund.updatedAt
        guard refund.updatedAt >= since.adding(longestDoubt) else { return }
        givenUp.insert(refund.id)
        world.meet(.givenUp)
    }

    private func name(_ refund: Refund) -> String { world.trace.name("refund", refund.id.raw) }

    private func name(_ object: ObjectReference) -> String { world.trace.name(object.kind.rawValue, object.id) }
}

// MARK: - Sums

extension Checker {
    /// A payment's amounts are the sums of its refunds and disputes, and never more than was captured.
    private func checkSums(of id: Payment.ID) {
        let tables = database.tables
        guard let payment = tables.payments[id.raw] else { return world.fail("a refund has its payment", "\(id.raw)") }
        let refunds = (tables.refundsOfPayment[id] ?? []).compactMap { tables.refunds[$0.raw] }
        let disputes = (tables.disputesOfPayment[id] ?? []).compactMap { tables.disputes[$0.raw] }
        let moved = refunds.filter { $0.kind != .void }
        let reserved = moved.filter { Checker.reserving.contains($0.status.rawValue) }.map(\.amount).reduce(0, +)
        let refunded = moved.filter { $0.status == .succeeded }.map(\.amount).reduce(0, +)
        let disputed = disputes.filter { $0.state != .won }.map(\.amount).reduce(0, +)
        let voided = refunds.filter { $0.kind == .void && $0.status == .succeeded }.map(\.amount).reduce(0, +)
        let name = world.trace.name("payment", id.raw)
        world.expect(
            payment.reserved == reserved,
            "held is the sum of what is open",
            "\(name): \(payment.reserved), \(reserved)"
        )
        world.expect(
            payment.refunded == refunded,
            "refunded is the sum of successes",
            "\(name): \(payment.refunded), \(refunded)"
        )
        world.expect(
            payment.disputed == disputed,
            "disputed is the sum of disputes",
            "\(name): \(payment.disputed), \(disputed)"
        )
        world.expect(payment.voided == voided, "voided is the sum of voids", "\(name): \(payment.voided), \(voided)")
        let beyond = max(0, reserved + refunded + disputed - payment.captured)
        if beyond > 0 { world.meet(.excess) }
        world.expect(
            payment.excess == beyond,
            "excess is what facts took beyond",
            "\(name): \(payment.excess), \(beyond)"
        )
        let isExcused = moved.contains { $0.kind == .external || wasPaidAfterFailure($0, tables) } || !disputes.isEmpty
        world.expect(beyond == 0 || isExcused, "never more than was captured", "\(name): \(beyond) beyond")
    }

    /// Whether it gave its amount back, and took it again when money turned out to have left.
    private func wasPaidAfterFailure(_ refund: Refund, _ tables: Tables) -> Bool {
        let events = tables.events[ObjectReference(.refund, refund.id.raw)] ?? []
        let statuses = events.compactMap { event -> String? in
            guard case .text(let status)? = event.part.members.first(where: { $0.name == "status" })?.value else {
                return nil
            }
            return status
        }
        let freed = statuses.firstIndex { ["failed", "canceled", "reversed"].contains($0) }
        return freed.map { statuses[$0...].contains("needs_review") } ?? false
    }

    /// The journal's accounts are what the payments' amounts say, book by book.
    private func book(_ entries: [LedgerEntry]) {
        for entry in entries {
            balances[Balance(book: entry.book, account: entry.debit), default: 0] += entry.amount
            balances[Balance(book: entry.book, account: entry.credit), default: 0] -= entry.amount
        }
        for book in [Book(1), Book(2)] {
            var sums: [LedgerAccount: Int64] = [:]
            for payment in database.tables.payments.all where payment.book == book {
                sums[.processorFunds, default: 0] += payment.captured - payment.refunded
                sums[.merchantBalance, default: 0] -=
                    payment.captured - payment.refunded - payment.reserved - payment.disputed
                sums[.refundsReserved, default: 0] -= payment.reserved
                sums[.disputesHeld, default: 0] -= payment.disputed
            }
            for account in LedgerAccount.allCases {
                let balance = balances[Balance(book: book, account: account)] ?? 0
                world.expect(
                    balance == sums[account] ?? 0,
                    "the journal agrees with the payments",
                    "book \(book.number), \(account): \(balance), \(sums[account] ?? 0)"
                )
            }
        }
    }
}
