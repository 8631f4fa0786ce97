import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke API keys.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it, this one time.",
            discussion: """
                The database keeps only what recognises the key. A running server takes the key at once.

                Examples:
                  storno keys create --dialect cari --mode test
                  storno keys create --dialect stancer --mode live --account shop --scopes refunds:read
                """
        )

        @OptionGroup var location: DatabaseOptions

        @Option(help: "The API: cari, collctiv, stancer or storno.")
        var dialect: String

        @Option(help: "test or live.")
        var mode: String

        @Option(help: "The account, made if it is not there.")
        var account = "main"

        @Option(parsing: .upToNextOption, help: "What the key may do, such as refunds:read. Default: everything.")
        var scopes: [String] = []

        @Option(help: "What you call it.")
        var name: String?

        @Option(
            help: "When it stops being a key, such as 2090-01-02T03:04:05Z. Default: never.",
            transform: Instant.argument
        )
        var expires: Moment?

        func run() async throws {
            try await explained {
                let wish = KeyWish(
                    account: account,
                    mode: mode,
                    dialect: dialect,
                    scopes: scopes,
                    name: name,
                    expiresAt: expires
                )
                let request = AdminRequest.createKey(wish, user: NSUserName())
                guard case .key(let text, let name) = try await ask(request, location) else { throw ExitCode(1) }
                print(text)
                Talk.say("\(name) for \(dialect), \(mode), account \(account). Keep it: it is not shown again.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, without what is secret of them.")

        @OptionGroup var location: DatabaseOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await explained {
                let settings = try await location.settings()
                let store = try await OpenInstallation.sealedReader(settings)
                let names = Dictionary(uniqueKeysWithValues: try await store.accounts().map { ($0.number, $0.name) })
                let rows = try await store.apiKeys()
                    .map { key in
                        [
                            key.name, names[Account.number(of: key.book)] ?? "", key.mode.rawValue, key.dialect,
                            "\(key.prefix)…\(key.lastFour)",
                            key.scopes.isEmpty ? "all" : key.scopes.sorted().joined(separator: " "),
                            Instant.text(key.createdAt), key.revokedAt.map(Instant.text) ?? "",
                            key.expiresAt.map(Instant.text) ?? "", key.label ?? "",
                        ]
                    }
                let columns = [
                    "name", "account", "mode", "dialect", "key", "scopes", "created", "revoked", "expires", "label",
                ]
                try TableOutput.show(columns, rows, asJSON: json)
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a key out of use, at once.",
            discussion: "Example:\n  storno keys revoke key_1f3a…"
        )

        @OptionGroup var location: DatabaseOptions

        @Argument(help: "The key's name as `storno keys list` shows it, or the whole key.")
        var key: String

        func run() async throws {
            try await explained {
                guard case .revoked(let name) = try await ask(.revokeKey(key, user: NSUserName()), location) else {
                    throw ExitCode(1)
                }
                Talk.say("\(name) is revoked.")
            }
        }
    }
}

/// Asks, and says why not where it was refused.
func ask(_ request: AdminRequest, _ location: DatabaseOptions) async throws -> AdminAnswer {
    let answer = try await OpenInstallation.administer(request, try await location.settings())
    if case .refused(let sentence) = answer {
        Talk.say(sentence)
        throw ExitCode(1)
    }
    return answer
}
