import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage

struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "Make and list accounts, and choose how they behave.",
        subcommands: [Create.self, List.self, Set.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account, unless it is there.")

        @OptionGroup var location: DatabaseOptions

        @Argument(help: "1 to 40 characters of a-z, 0-9, - and _.")
        var name: String

        func run() async throws {
            try await explained {
                _ = try await ask(.createAccount(name, user: NSUserName()), location)
                Talk.say("The account \(name) is there.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts and their settings.")

        @OptionGroup var location: DatabaseOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await explained {
                let settings = try await location.settings()
                let accounts = try await OpenInstallation.sealedReader(settings).accounts()
                if json { return try TableOutput.show(json: accounts.map { AccountSummary($0) }) }
                let rows = accounts.map { account in
                    [
                        account.name, Instant.text(account.createdAt),
                        account.settings.values.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " "),
                    ]
                }
                try TableOutput.show(["name", "created", "settings"], rows, asJSON: false)
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Choose how an account behaves.",
            discussion: """
                Settings:
                \(AccountSetting.known.map { "  \($0.name)  \($0.meaning)" }.joined(separator: "\n"))

                A setting without a value is taken back. Example:
                  storno accounts set main undo_window_seconds=300
                """
        )

        @OptionGroup var location: DatabaseOptions

        @Argument(help: "The account.")
        var name: String

        @Argument(help: ArgumentHelp("Settings to change.", valueName: "key=value"))
        var settings: [String]

        func run() async throws {
            try await explained {
                var wanted: [String: String?] = [:]
                for text in settings {
                    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    guard parts.count == 2 else { throw ValidationError("\(text) is not of the form key=value.") }
                    wanted[String(parts[0])] = .some(parts[1].isEmpty ? nil : String(parts[1]))
                }
                let request = AdminRequest.setAccount(name, settings: wanted, user: NSUserName())
                guard case .account(let account) = try await ask(request, location) else {
                    throw ExitCode(1)
                }
                for (name, value) in account.settings.sorted(by: { $0.key < $1.key }) { print("\(name)=\(value)") }
            }
        }
    }
}
