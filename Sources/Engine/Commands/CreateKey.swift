import Domain
import Storage

/// Makes a key known. The account is made too where it is not there yet.
package struct CreateKey: Command {
    package let account: String
    package let mode: Mode
    package let hash: Digest256
    package let dialect: String
    package let prefix: String
    package let lastFour: String
    package let scopes: Set<String>
    package let author: Author
    package var label: String?
    package var expiresAt: Moment?
    package var apiVersion: String?
    /// The key that asks for it, which must still be one when this is decided: what is revoked leaves no heir.
    package var maker: Digest256?

    /// - Parameters:
    ///   - credential: the whole key; only its hash and ends are kept.
    ///   - scopes: empty for all.
    package init(
        account: String,
        mode: Mode,
        dialect: String,
        credential: String,
        prefix: String,
        scopes: Set<String>,
        by author: Author = .storno
    ) {
        self.account = account
        self.mode = mode
        self.dialect = dialect
        hash = Directory.hash(of: credential)
        self.prefix = prefix
        lastFour = String(credential.suffix(4))
        self.scopes = scopes
        self.author = author
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.accounts = [account]
        footprint.apiKeys = [hash]
        if let maker { footprint.apiKeys.insert(maker) }
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<APIKey> {
        if let known = set.apiKeys[hash] { return Decision([], known) }
        if let maker, set.apiKeys[maker]?.isValid(at: context.truth) != true { throw .keyInvalid }
        var changes: [Change] = []
        let account: Account
        if let known = set.accounts[self.account] {
            account = known
        } else {
            account = Account(number: set.accountsCount + 1, name: self.account, createdAt: context.truth)
            changes += author.making(account, context)
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
            createdAt: context.truth,
            label: label,
            expiresAt: expiresAt,
            apiVersion: apiVersion
        )
        changes += [
            .insert(.apiKey(key)), author.act("api_key.created", in: key.book, "api_key", key.name, key.part, context),
        ]
        return Decision(changes, key)
    }
}

extension APIKey: AboutObject {
    /// The number that the name says.
    package var subject: AnswerSubject {
        AnswerSubject(kind: "api_key", id: UInt128(name.dropFirst(4), radix: 36) ?? 0)
    }

    /// What the audit trail says about it: not what it is called, which is free text.
    fileprivate var part: [(name: String, value: EventPart.Value?)] {
        [
            ("dialect", .text(dialect)), ("expires", expiresAt.map { .integer($0.milliseconds) }),
            ("prefix", .text(prefix)), ("scopes", .text(scopes.sorted().joined(separator: " "))),
            ("version", apiVersion.map { .text($0) }),
        ]
    }
}
