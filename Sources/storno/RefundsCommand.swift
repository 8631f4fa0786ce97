import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage

struct RefundsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refunds",
        abstract: "Ask for refunds, look at them, and decide those that wait for a person.",
        discussion: """
            create and get ask a server's API. show, resolve and recheck work on the installation of this machine, \
            where an ID is the 32 digits that they print, or the id that any of the APIs shows, and who decides is the user \
            of the operating system. list, approve, reject and cancel do either, and say which: the API with --profile, \
            STORNO_API_KEY or a current profile; the installation with --database, --config or without any profile.

            Examples:
              storno refunds create pay_… --amount 1000
              storno refunds list
              storno refunds approve re_…
              storno refunds resolve refd_… --as succeeded --note "on the bank's statement of 3 May"
            """,
        subcommands: [
            Create.self, Get.self, List.self, Show.self, Approve.self, Reject.self, Resolve.self, Recheck.self,
            Cancel.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List refunds; without --status or --all those that wait for a person or are in doubt.",
            discussion: """
                Of the installation oldest first, of a server's API newest first.

                Examples:
                  storno refunds list --all
                  storno refunds list --status needs_review --account shop --json
                """
        )

        @OptionGroup var desk: DeskOptions

        @Option(parsing: .upToNextOption, help: "Which ones, such as needs_review in_doubt.")
        var status: [RefundStatus] = []

        @Flag(help: "In whatever status.")
        var all = false

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
            guard !all || status.isEmpty else { throw ValidationError("--all and --status exclude each other.") }
        }

        func run() async throws {
            try await explained {
                switch try desk.choose() {
                case .installation: try await listHere()
                case .server(let access):
                    guard account == nil, mode == nil else {
                        throw ProfileFailure(
                            sentence: "A key is of one account and mode: leave --account and --mode out."
                        )
                    }
                    let statuses = all ? [] : (status.isEmpty ? RefundStatus.watched : status).map(\.rawValue)
                    try await RemoteRefunds(storno: access.client(), statuses: statuses, limit: limit)
                        .show(asJSON: json)
                }
            }
        }

        private func listHere() async throws {
            try await explained {
                let settings = try await desk.location.settings()
                let store = try await OpenInstallation.sealedReader(settings)
                let accounts = try await store.accounts()
                let found = try await store.refunds(
                    in: all ? RefundStatus.allCases : status.isEmpty ? RefundStatus.watched : status,
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
