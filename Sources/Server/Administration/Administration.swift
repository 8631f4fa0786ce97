import DialectKit
import Domain
import Engine
import Storage

/// What the command line asks of an installation, in the same words to a running server as in its own
/// process.
package enum AdminRequest: Codable, Sendable {
    case createKey(KeyWish, user: String)
    /// By name, such as `key_1f…`, or by the whole key.
    case revokeKey(String, user: String)
    case createAccount(String, user: String)
    case setAccount(String, settings: [String: String?], user: String)
    /// What the person `user` wants done with a refund, which is named by any text that stands for it.
    case refund(String, RefundAction, user: String)
    case openDispute(DisputeEntry)
    case closeDispute(DisputeEnd)
    case addExternal(ExternalEntry)
    case setClock(ClockWish)
}

/// A key that somebody wants made.
package struct KeyWish: Codable, Sendable {
    package let account: String
    package let mode: String
    package let dialect: String
    package let scopes: [String]
    package let name: String?
    /// In milliseconds since 1970.
    private let expiry: Int64?

    package var expiresAt: Moment? { expiry.map { Moment(milliseconds: $0) } }

    package init(
        account: String,
        mode: String,
        dialect: String,
        scopes: [String],
        name: String? = nil,
        expiresAt: Moment? = nil
    ) {
        self.account = account
        self.mode = mode
        self.dialect = dialect
        self.scopes = scopes
        self.name = name
        expiry = expiresAt?.milliseconds
    }
}

package enum AdminAnswer: Codable, Sendable {
    /// The whole key, for this one time.
    case key(text: String, name: String)
    case revoked(name: String)
    case account(AccountSummary)
    case refund(RefundSummary)
    case dispute(DisputeSummary)
    case external(ExternalSummary)
    case clock(ClockSummary)
    /// A sentence for the person who asked.
    case refused(String)
}

package struct AccountSummary: Codable, Sendable, Equatable {
    package let name: String
    package let settings: [String: String]
}

extension AdminRequest {
    /// The command that shows whether it was carried out.
    var look: String {
        switch self {
        case .createKey, .revokeKey: "storno keys list"
        case .createAccount, .setAccount: "storno accounts list"
        case .refund(let refund, _, _): "storno refunds show \(refund)"
        case .openDispute, .closeDispute: "storno disputes list"
        case .addExternal: "storno refunds list --status succeeded"
        case .setClock(let wish): "storno clock show --account \(wish.account)"
        }
    }
}

/// Carries administration out on an engine.
package struct Administration: Sendable {
    let engine: Engine

    package init(engine: Engine) {
        self.engine = engine
    }

    package func perform(_ request: AdminRequest) async -> AdminAnswer {
        let answer = await outcome(of: request)
        // Also after a failure: what nobody knows the outcome of may be there.
        await engine.refreshDirectory()
        return answer
    }

    private func outcome(of request: AdminRequest) async -> AdminAnswer {
        do {
            return try await self.answer(request)
        } catch let refusal as AdminRefusal {
            return .refused(refusal.sentence)
        } catch let failure as EngineFailure {
            return .refused(OperatorWording.sentence(for: failure, look: request.look))
        } catch {
            // Whatever else fails is read before anything is written.
            return .refused("The database could not be read: \(error). Nothing was changed.")
        }
    }

    private func answer(_ request: AdminRequest) async throws -> AdminAnswer {
        switch request {
        case .createKey(let wish, let user): return try await createKey(wish, .operator(user))
        case .revokeKey(let text, let user): return try await revokeKey(text, .operator(user))
        case .createAccount(let name, let user):
            try Self.check(accountName: name)
            return .account(AccountSummary(try await engine.perform(CreateAccount(name: name, by: .operator(user)))))
        case .setAccount(let name, let settings, let user):
            for (setting, value) in settings { try AccountSetting.check(setting, value) }
            let command = SetAccount(name: name, settings: settings, by: .operator(user))
            guard let account = try await engine.perform(command) else {
                throw AdminRefusal("There is no account \(name). `storno accounts create \(name)` makes it.")
            }
            return .account(AccountSummary(account))
        case .refund(let text, let action, let user):
            return .refund(try await RefundDesk(engine: engine).carryOut(action, on: text, by: user))
        case .openDispute(let entry): return .dispute(try await open(entry))
        case .closeDispute(let end): return .dispute(try await close(end))
        case .addExternal(let entry): return .external(try await add(entry))
        case .setClock(let wish): return .clock(try await set(wish))
        }
    }

    private func createKey(_ wish: KeyWish, _ author: Author) async throws -> AdminAnswer {
        try Self.check(accountName: wish.account)
        guard let mode = Mode(rawValue: wish.mode) else {
            throw AdminRefusal("The mode is test or live, not \(wish.mode).")
        }
        let dialect = wish.dialect
        guard let spoken = Catalog.dialect(named: dialect) else {
            let known = Catalog.dialects.map(\.name).sorted().joined(separator: ", ")
            throw AdminRefusal("There is no dialect \(dialect). There are: \(known).")
        }
        let known = Set(spoken.routes.map(\.scope))
        if let unknown = wish.scopes.first(where: { !known.contains($0) }) {
            throw AdminRefusal("\(dialect) has no scope \(unknown). It has: \(known.sorted().joined(separator: ", ")).")
        }
        guard (wish.name ?? "").unicodeScalars.count <= 200 else {
            throw AdminRefusal("A key's name has at most 200 characters.")
        }
        try AdminRefusal.refuseCardNumber(in: wish.name, "name")
        if let expiry = wish.expiresAt, expiry <= engine.execution.moment {
            throw AdminRefusal("The key would expire in the past.")
        }
        var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        let made = spoken.newKey(mode, random: &random)
        var command = CreateKey(
            account: wish.account,
            mode: mode,
            dialect: dialect,
            credential: made.text,
            prefix: made.prefix,
            scopes: Set(wish.scopes),
            by: author
        )
        command.label = wish.name
        command.expiresAt = wish.expiresAt
        command.apiVersion = spoken.newestVersion
        return .key(text: made.text, name: try await engine.perform(command).name)
    }

    private func revokeKey(_ text: String, _ author: Author) async throws -> AdminAnswer {
        let keys = try await engine.store.apiKeys()
        let hash = Directory.hash(of: text)
        guard let key = keys.first(where: { $0.name == text || $0.hash == hash }) else {
            throw AdminRefusal("There is no such key. `storno keys list` shows the names of all.")
        }
        _ = try await engine.perform(RevokeKey(hash: key.hash, by: author))
        return .revoked(name: key.name)
    }

    private static func check(accountName name: String) throws {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
        guard (1...40).contains(name.utf8.count), isPlain else {
            throw AdminRefusal("An account's name has 1 to 40 characters of a-z, 0-9, - and _.")
        }
    }
}

extension AccountSummary {
    package init(_ account: Account) {
        name = account.name
        settings = account.settings.values
    }
}

/// Why something was not done, as a sentence for the person who asked.
package struct AdminRefusal: Error {
    package let sentence: String

    package init(_ sentence: String) {
        self.sentence = sentence
    }

    static func refuseCardNumber(in text: String?, _ name: String) throws(AdminRefusal) {
        guard !CardNumber.stands(in: text ?? "") else {
            throw AdminRefusal("The \(name) holds a card number, which Storno does not keep. Leave it out.")
        }
    }
}
