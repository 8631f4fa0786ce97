import ArgumentParser
import Domain
import Rows
import Server
import Storage

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The trial balance: what each account of the journal adds up to.",
        discussion:
            "In minor units, for each account, mode and currency. Ends with 2 if it is not what the payments say."
    )

    @OptionGroup var location: DatabaseOptions

    @Option(help: "Of one account. Default: all.")
    var account: String?

    @Option(help: "test or live. Default: both.")
    var mode: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let store = try await OpenInstallation.sealedReader(try await location.settings())
            let books = try await wanted(of: store)
            var shown: [TrialBalanceSummary] = []
            var wrong: [Imbalance] = []
            for (book, name) in books.sorted(by: { $0.key < $1.key }) {
                let found = try await store.imbalances(of: book)
                wrong += found
                shown += TrialBalance.group(try await store.totals(of: book))
                    .map { balance in
                        let isSound = !found.contains { $0.currency == balance.currency.code }
                        return TrialBalanceSummary(balance, account: name, isSound: isSound)
                    }
            }
            if json { try TableOutput.show(json: shown) } else { try show(shown) }
            for found in wrong { Talk.say(sentence(found, books[found.book] ?? "")) }
            guard wrong.isEmpty else { throw ExitCode(2) }
        }
    }

    private func sentence(_ found: Imbalance, _ account: String) -> String {
        let place = "\(account), \(Account.mode(of: found.book).rawValue), \(found.currency): \(found.account)"
        return "\(place) holds \(found.held), and the payments say \(found.owed)."
    }

    private func wanted(of store: any Books) async throws -> [Book: String] {
        if let account { _ = try await ObjectText.book(account, mode ?? Mode.test.rawValue, of: store) }
        guard let mode else { return try await books(of: store, Mode.allCases) }
        guard let known = Mode(rawValue: mode) else { throw ValidationError("The mode is test or live, not \(mode).") }
        return try await books(of: store, [known])
    }

    private func books(of store: any Books, _ modes: [Mode]) async throws -> [Book: String] {
        var books: [Book: String] = [:]
        for known in try await store.accounts() where account == nil || account == known.name {
            for mode in modes { books[known.book(mode)] = known.name }
        }
        return books
    }

    private func show(_ balances: [TrialBalanceSummary]) throws {
        let rows = balances.flatMap { balance in
            let place = [balance.account, balance.mode, balance.currency]
            let end = balance.balanced ? "balanced" : "NOT BALANCED"
            return balance.accounts.map { place + [$0.name, String($0.debit), String($0.credit), String($0.balance)] }
                + [place + ["total", String(balance.debit), String(balance.credit), end]]
        }
        try TableOutput.show(["account", "mode", "currency", "of", "debit", "credit", "balance"], rows, asJSON: false)
    }
}

/// A trial balance as JSON shows it. Amounts in minor units.
private struct TrialBalanceSummary: Encodable {
    struct Line: Encodable {
        let number: Int64
        let name: String
        let debit: Int64
        let credit: Int64
        let balance: Int64
    }

    let account: String
    let mode: String
    let currency: String
    let accounts: [Line]
    let debit: Int64
    let credit: Int64
    let balanced: Bool

    init(_ balance: TrialBalance, account: String, isSound: Bool) {
        self.account = account
        mode = Account.mode(of: balance.book).rawValue
        currency = balance.currency.code
        accounts = balance.totals.map { total in
            Line(
                number: total.account.rawValue,
                name: "\(total.account)",
                debit: total.debit,
                credit: total.credit,
                balance: total.balance
            )
        }
        debit = balance.debit
        credit = balance.credit
        balanced = isSound && balance.isBalanced
    }
}
