import ArgumentParser
import Domain
import Foundation
import Server

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Export the end of the audit trail, and prove the trail.",
        subcommands: [Head.self, Verify.self]
    )

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the newest link of each book's trail as JSON.",
            discussion: """
                Keep it where nobody reaches who reaches the database: `storno audit verify --against` then finds what was \
                cut off or made anew.

                Examples:
                  storno audit head > heads.json
                  storno audit head --account main --mode live
                """
        )

        @OptionGroup var location: DatabaseOptions

        @Option(help: "One account alone, with --mode.")
        var account: String?

        @Option(help: "test or live, with --account.")
        var mode: String?

        func validate() throws {
            guard (account == nil) == (mode == nil) else {
                throw ValidationError("--account and --mode belong together.")
            }
        }

        func run() async throws {
            try await explained {
                let reader = try await OpenInstallation.sealedReader(try await location.settings())
                let heads = try await AuditDesk(books: reader).heads(account: account, mode: mode)
                try TableOutput.show(json: heads)
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute the audit trail from its rows, also while a server runs.",
            discussion: """
                Says of each book the first place that differs, and exits with 2 if there is any.

                Examples:
                  storno audit verify
                  storno audit verify --against heads.json
                """
        )

        @OptionGroup var location: DatabaseOptions

        @Option(help: ArgumentHelp("What `storno audit head` printed before; any number of times.", valueName: "file"))
        var against: [String] = []

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await explained {
                let reader = try await OpenInstallation.sealedReader(try await location.settings())
                let report = try await AuditDesk(books: reader).verify(against: against)
                let rows = report.findings.map { [$0.account, $0.mode, String($0.number), $0.what] }
                if json || !rows.isEmpty {
                    try TableOutput.show(["account", "mode", "number", "what"], rows, asJSON: json)
                }
                if report.waiting > 0 { Talk.say("\(report.waiting) rows are not in the trail yet.") }
                guard rows.isEmpty else {
                    Talk.say("\(rows.count) findings.")
                    throw ExitCode(2)
                }
                Talk.say("No findings in \(report.entries) entries.")
            }
        }
    }
}
