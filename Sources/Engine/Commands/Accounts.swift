import Domain
import Storage

/// Makes an account with its two books, unless it is there.
package struct CreateAccount: Command {
    package let name: String
    package let author: Author

    package init(name: String, by author: Author = .storno) {
        self.name = name
        self.author = author
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.accounts = [name]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Account> {
        if let known = set.accounts[name] { return Decision([], known) }
        let account = Account(number: set.accountsCount + 1, name: name, createdAt: context.truth)
        return Decision(author.making(account, context), account)
    }
}

/// Changes what an account chose. `nil` takes a setting back.
package struct SetAccount: Command {
    package let name: String
    package let settings: [String: String?]
    package let author: Author

    package init(name: String, settings: [String: String?], by author: Author = .storno) {
        self.name = name
        self.settings = settings
        self.author = author
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.accounts = [name]
        return footprint
    }

    /// - Returns: the account, or `nil` when there is none of that name.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Account?> {
        guard var account = set.accounts[name] else { return Decision([], nil) }
        for (name, value) in settings { account.settings.values[name] = value }
        // What an account chose holds in both of its modes.
        let part = settings.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: EventPart.Value?.some(.text($0.value ?? ""))) }
        let acts = Mode.allCases.map { mode in
            author.act("account.settings_changed", in: account.book(mode), "account", account.name, part, context)
        }
        return Decision([.update(.account(account))] + acts, account)
    }
}

extension Author {
    /// A new account, and what each of its books says about that.
    func making(_ account: Account, _ context: DecisionContext) -> [Change] {
        [.insert(.account(account))]
            + Mode.allCases.map { act("account.created", in: account.book($0), "account", account.name, [], context) }
    }
}
