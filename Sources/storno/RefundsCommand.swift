import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage

struct RefundsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refunds",
        abstract: "Look at refunds, and decide those that wait for a person.",
        discussion: """
            An ID is the 32 digits that this command prints, or the id that any of the APIs shows. Who decides is the \
            user of the operating system.

            Examples:
              storno refunds list
              storno refunds approve re_…
              storno refunds resolve refd_… --as succeeded --note "on the bank's statement of 3 May"
            """,
        subcommands: [
            List.self, Show.self, Approve.self, Reject.self, Resolve.self, Recheck.self, Cancel.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List refunds, oldest first; without --status those that wait for a person or are in doubt.",
            discussion: "Example:\n  storno refunds list --status needs_review --account shop --json"
        )

        @OptionGroup var location: DatabaseOptions

        @Option(parsing: .upToNextOption, help: "Which ones, such as needs_review in_doubt.")
        var status: [RefundStatus] = []

        @Option(help: "Of this account alone.")
        var account: String?

        @Option(help: "test or live. Default: both.")
        var mode: Mode?

        @Option(help: "How many at most, 1 to 10000.")
        var limit = 100

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000.") }
        }

        func run() async throws {
            try await explained {
                let settings = try await location.settings()
                let store = try await OpenInstallation.sealedReader(settings)
                let accounts = try await store.accounts()
                let found = try await store.refunds(
                    in: status.isEmpty ? RefundStatus.watched : status,
                    of: try books(accounts),
                    limit: limit + 1
                )
                let names = Dictionary(uniqueKeysWithValues: accounts.map { ($0.number, $0.name) })
                let refunds = found.prefix(limit)
                    .map { ($0, RefundSummary($0, account: names[Account.number(of: $0.book)] ?? "")) }
                if json { try TableOutput.show(json: refunds.map(\.1)) } else { try RefundOutput.show(refunds) }
                if found.count > limit { Talk.say("There are more than \(limit). --limit shows more.") }
            }
        }

        /// - Returns: `nil` for all.
        private func books(_ accounts: [Account]) throws -> [Book]? {
            guard account != nil || mode != nil else { return nil }
            let chosen = accounts.filter { account == nil || $0.name == account }
            if let account, chosen.isEmpty { throw AdminRefusal("There is no account \(account).") }
            return chosen.flatMap { account in (mode.map { [$0] } ?? Mode.allCases).map { account.book($0) } }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a refund: its payment, what was sent, what was heard, what happened, what comes next."
        )

        @OptionGroup var location: DatabaseOptions

        @Argument(help: "The refund.")
        var id: String

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                let settings = try await location.settings()
                let report = try await RefundReport(id, in: try await OpenInstallation.reader(settings))
                if json { try TableOutput.show(json: report) } else { try RefundOutput.show(report) }
            }
        }
    }
}

extension RefundStatus: ExpressibleByArgument {}
extension Mode: ExpressibleByArgument {}
