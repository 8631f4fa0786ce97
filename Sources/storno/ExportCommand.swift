import ArgumentParser
import Domain
import Server

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write payments, refunds, events or the journal to a file, also while a server runs.",
        discussion: """
            The columns are in docs/reference/files.md. Rows are of one moment. In CSV a text that a spreadsheet would take \
            for a formula has an apostrophe in front. Payments and refunds can be imported elsewhere.

            Examples:
              storno export refunds --mode live -o refunds.csv
              storno export ledger --mode live --format jsonl --from 2026-10-01T00:00:00Z --to 2026-11-01T00:00:00Z
            """
    )

    @OptionGroup var location: DatabaseOptions
    @OptionGroup var books: BookOptions

    @Argument(help: "payments, refunds, events or ledger.")
    var subject: Export.Subject

    @Option(help: "csv, or jsonl for one JSON object a line.")
    var format: Export.Format = .csv

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Leave out what is older, as in RFC 3339.", valueName: "time")
    )
    var start: String?

    @Option(name: .customLong("to"), help: ArgumentHelp("Leave out what is as old or newer.", valueName: "time"))
    var end: String?

    @Flag(help: "With customers' names and addresses, which needs the secret key.")
    var withPersonal = false

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("A new file. Default: standard output.", valueName: "file")
    )
    var output: String?

    func run() async throws {
        try await explained {
            var work = Export(subject, format, account: books.account, mode: books.mode)
            work.from = try start.map(Instant.argument)
            work.until = try end.map(Instant.argument)
            work.isPersonal = withPersonal
            let bar = ProgressBar()
            let count = try await work.run(try await location.settings(), to: output) { bar.count($0) }
            bar.end()
            if let output { Talk.say("\(count) rows are in \(output).") }
        }
    }
}

extension Export.Subject: ExpressibleByArgument {}
extension Export.Format: ExpressibleByArgument {}
