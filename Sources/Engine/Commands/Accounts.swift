import Domain
import Storage

/// Makes an account with its two books, unless it is there.
package struct CreateAccount: Command {
    package let name: String

    package init(name: String) {
        self.name = name
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
        let account = Account(number: set.accountsCount + 1, name: name, createdAt: context.moment)
        return Decision([.insert(.account(account))], account)
    }
}

/// Changes what an account chose. `nil` takes a setting back.
package struct SetAccount: Command {
    package let name: String
    package let settings: [String: String?]

    package init(name: String, settings: [String: String?]) {
        self.name = name
        self.settings = settings
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
        return Decision([.update(.account(account))], account)
    }
}

/// Makes a key known. The account is made too where it is not there yet.
package struct CreateKey: Command {
    package let account: String
    package let mode: Mode
    package let hash: Digest256
    package let dialect: String
    package let prefix: String
    package let lastFour: String
    package let scopes: Set<String>

    /// - Parameter credential: the whole key; only its hash and ends are kept.
    package init(account: String, mode: Mode, dialect: String, credential: String, prefix: String, scopes: Set<String>)
    {
        self.account = account
        self.mode = mode
        self.dialect = dialect
        hash = Directory.hash(of: credential)
        self.prefix = prefix
        lastFour = String(credential.suffix(4))
        self.scopes = scopes
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.accounts = [account]
        footprint.apiKeys = [hash]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<APIKey> {
        if let known = set.apiKeys[hash] { return Decision([], known) }
        var changes: [Change] = []
        let account: Account
        if let known = set.accounts[self.account] {
            account = known
        } else {
            account = Account(number: set.accountsCount + 1, name: self.account, createdAt: context.moment)
            changes.append(.insert(.account(account)))
        }
        let id: Identifier<APIKey> = context.newID()
        let key = APIKey(
            hash: hash,
            name: "key_" + String(id.raw, radix: 36),
            book: account.book(mode),
            dialect: dialect,
            prefix: prefix,
            lastFour: lastFour,
            scopes: scopes,
            createdAt: context.moment
        )
        changes.append(.insert(.apiKey(key)))
        return Decision(changes, key)
    }
}

/// Takes a key out of use.
package struct RevokeKey: Command {
    package let hash: Digest256

    package init(hash: Digest256) {
        self.hash = hash
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.apiKeys = [hash]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<APIKey?> {
        guard var key = set.apiKeys[hash] else { return Decision([], nil) }
        guard key.revokedAt == nil else { return Decision([], key) }
        key.revokedAt = context.moment
        return Decision([.update(.apiKey(key))], key)
    }
}
