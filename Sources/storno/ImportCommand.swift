import ArgumentParser
import Foundation
import Server

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over payments and refunds that were made elsewhere, from a CSV file.",
        discussion: """
            The columns are in docs/reference/files.md; payments come before their refunds. Each row's outcome goes to a \
            file beside it. Rows that are refused hold up no others, and what is here already is left alone: a run that was \
            cut off goes on when it is called again. No webhook is told.

            Works while no server does; --dry-run beside one too, and changes nothing.

            Examples:
              storno import payments.csv --mode live --dialect stancer --dry-run
              storno import payments.csv --mode live --dialect stancer
            """
    )

    @OptionGroup var location: DatabaseOptions
    @OptionGroup var books: BookOptions

    @Argument(help: "The CSV file.")
    var file: String

    @Option(help: "The API by whose ids the rows are known, where they do not say.")
    var dialect = "storno"

    @Flag(help: "Say what would be done, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Where each row's outcome goes. Default: FILE.results.csv.", valueName: "file"))
    var results: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let work = Import(
                file: file,
                account: books.account,
                mode: books.mode,
                dialect: dialect,
                results: results ?? file + ".results.csv",
                user: NSUserName()
            )
            let settings = try await location.settings()
            let bar = ProgressBar()
            let tell: @Sendable (Import.Progress) -> Void = { bar.show($0.done, of: $0.total, "\($0.rows) rows") }
            let summary =
                dryRun
                ? try await work.rehearse(settings, tell: tell) : try await work.run(settings, tell: tell)
            bar.end()
            try show(summary)
        }
    }

    private func show(_ summary: ImportSummary) throws {
        if json { try TableOutput.show(json: summary) }
        let done = summary.dryRun ? "could be imported" : "imported"
        Talk.say(
            "\(summary.rows) rows: \(summary.imported) \(done), \(summary.skipped) here already, \(summary.refused) refused."
        )
        Talk.say("Each row's outcome is in \(summary.results).")
        if summary.refused > 0 { throw ExitCode(2) }
    }
}
