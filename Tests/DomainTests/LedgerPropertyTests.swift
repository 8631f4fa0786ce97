import Domain
import TestSupport
import Testing

/// Refunds and disputes of one payment that walk at random, with the journal that is kept of them.
@Suite struct LedgerPropertyTests {
    @Test func `whatever happens, each line is explained by a hold and the books balance`() throws {
        try Property("ledger_walk")
            .holds(in: 400) { random in
                var world = World(captured: Int64.random(in: 1...1_000_000, using: &random))
                for _ in 0..<Int.random(in: 1...40, using: &random) {
                    world.step(&random)
                    try world.check()
                }
            }
    }
}

private struct World {
    private struct Claim {
        let amount: Int64
        var entries: [LedgerEntry] = []
        var status: RefundStatus?
        var dispute: DisputeState?
        var sequence: Int64 = 1
    }

    private static let euro = Currency(stored: "EUR", exponent: 2)
    private let captured: Int64
    private let rules = PostingRules()
    private var payment: [LedgerEntry] = []
    private var claims: [Claim] = []

    init(captured: Int64) {
        self.captured = captured
        payment = [Self.entry(rules.captured(), captured, .payment, 0, 1)]
    }

    mutating func step(_ random: inout SeededRandom) {
        if claims.isEmpty || Int.random(in: 0..<4, using: &random) == 0 {
            begin(Claim(amount: Int64.random(in: 1...captured, using: &random)), &random)
            return
        }
        let index = Int.random(in: 0..<claims.count, using: &random)
        if let status = claims[index].status {
            guard let happening = RefundHappening.allCases.randomElement(using: &random),
                let next = RefundLifecycle().next(status, on: happening)
            else { return }
            claims[index].status = next
            book(rules.refund(status.hold, next.hold), index, .refund)
        } else if claims[index].dispute == .open {
            let end: DisputeState = Bool.random(using: &random) ? .won : .lost
            claims[index].dispute = end
            book(rules.dispute(.open, end), index, .dispute)
        }
    }

    private mutating func begin(_ claim: Claim, _ random: inout SeededRandom) {
        claims.append(claim)
        let index = claims.count - 1
        guard Int.random(in: 0..<5, using: &random) > 0 else {
            claims[index].dispute = .open
            return book(rules.dispute(nil, .open), index, .dispute)
        }
        let begins: [RefundStatus] = [.awaitingApproval, .queued, .queued, .succeeded]
        let status = begins.randomElement(using: &random) ?? .queued
        claims[index].status = status
        book(rules.refund(nil, status.hold), index, .refund)
    }

    private mutating func book(_ posting: Posting?, _ index: Int, _ kind: ObjectKind) {
        defer { claims[index].sequence += 1 }
        guard let posting else { return }
        let claim = claims[index]
        claims[index].entries.append(Self.entry(posting, claim.amount, kind, UInt128(index + 1), claim.sequence))
    }

    func check() throws {
        var held: [LedgerAccount: Int64] = [:]
        for claim in claims {
            let amount = claim.amount
            let (reserved, spent) = (claim.status?.hold == .reserved, claim.status?.hold == .spent)
            let disputed = claim.dispute?.holdsAmount == true
            let says = "\(String(describing: claim.status)) \(String(describing: claim.dispute)): \(claim.entries)"
            let balance = balances(claim.entries)
            try require(balance[.refundsReserved, default: 0] == (reserved ? amount : 0), says)
            try require(balance[.processorFunds, default: 0] == (spent ? -amount : 0), says)
            try require(balance[.disputesHeld, default: 0] == (disputed ? amount : 0), says)
            held[.refundsReserved, default: 0] += reserved ? amount : 0
            held[.processorFunds, default: 0] += spent ? amount : 0
            held[.disputesHeld, default: 0] += disputed ? amount : 0
        }
        let all = balances(payment + claims.flatMap(\.entries))
        let (reserved, spent) = (held[.refundsReserved, default: 0], held[.processorFunds, default: 0])
        let disputed = held[.disputesHeld, default: 0]
        try require(all[.refundsReserved, default: 0] == reserved, "account 3 is \(all)")
        try require(all[.disputesHeld, default: 0] == disputed, "account 4 is \(all)")
        try require(all[.processorFunds, default: 0] == captured - spent, "account 1 is \(all)")
        let free = captured - reserved - spent - disputed
        try require(all[.merchantBalance, default: 0] == free, "account 2 is \(all)")
        try checkTrialBalance()
    }

    private func checkTrialBalance() throws {
        let entries = payment + claims.flatMap(\.entries)
        let totals = LedgerAccount.allCases.map { account in
            AccountTotal(
                book: Book(1),
                currency: Self.euro,
                account: account,
                debit: entries.filter { $0.debit == account }.reduce(0) { $0 + $1.amount },
                credit: entries.filter { $0.credit == account }.reduce(0) { $0 + $1.amount }
            )
        }
        let balances = TrialBalance.group(totals.reversed())
        try require(balances.count == 1 && balances[0].isBalanced, "\(balances)")
        try require(balances[0].totals == totals, "the chart's order is lost: \(balances[0].totals)")
    }

    private func balances(_ entries: [LedgerEntry]) -> [LedgerAccount: Int64] {
        var balances: [LedgerAccount: Int64] = [:]
        for entry in entries {
            balances[entry.debit, default: 0] += entry.debit.isDebitAccount ? entry.amount : -entry.amount
            balances[entry.credit, default: 0] += entry.credit.isDebitAccount ? -entry.amount : entry.amount
        }
        return balances
    }

    private static func entry(
        _ posting: Posting,
        _ amount: Int64,
        _ kind: ObjectKind,
        _ cause: UInt128,
        _ sequence: Int64
    ) -> LedgerEntry {
        LedgerEntry(
            book: Book(1),
            posting: posting,
            amount: amount,
            currency: euro,
            cause: ObjectReference(kind, cause),
            sequence: sequence,
            bookedAt: Moment(seconds: 0)
        )
    }
}
