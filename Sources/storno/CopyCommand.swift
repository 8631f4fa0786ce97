import ArgumentParser
import Foundation
import Server

struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Move the books from a SQLite file to PostgreSQL.",
        discussion: """
            Stop the server first. Both sides are proven as `storno verify` does, and the secret key stays the same. A \
            copy that was cut off goes on where it was when it is called again. At the end the file is closed for \
            servers, since two on two copies would refund twice; it can still be read.

            Example:
              storno copy --from sqlite:storno.sqlite --to postgres://storno@db.example/books
            """
    )

    @Option(help: "The books: sqlite:PATH.")
    var from: String

    @Option(help: "An empty database: postgres://USER@HOST/NAME.")
    var to: String

    @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
    var config: String?

    func run() async throws {
        try await explained {
            var location = try DatabaseOptions.parse([])
            location.database = from
            location.config = config
            let settings = try await location.settings()
            guard case .sqlite(let path) = settings.database, case .postgres(let target) = try DatabaseLocation(to)
            else {
                throw ValidationError("--from is sqlite:PATH, and --to is postgres://USER@HOST/NAME.")
            }
            try await move(settings, from: path, to: target)
        }
    }

    private func move(_ settings: Settings, from path: String, to target: String) async throws {
        #if PostgreSQL
        let bar = ProgressBar()
        let count = try await Copy.run(settings, from: path, to: target) { bar.show($0.done, of: $0.total, $0.table) }
        bar.end()
        Talk.say("\(count) rows are there. No findings on either side. \(path) takes no server any more.")
        #else
        throw ValidationError("This storno was built without PostgreSQL. Build it with the package trait PostgreSQL.")
        #endif
    }
}
