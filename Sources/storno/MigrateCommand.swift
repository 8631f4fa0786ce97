import ArgumentParser
import Server

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring a database's schema up to date.",
        discussion: """
            A server does the same when it starts. Make a backup first: an older version refuses a newer schema.

            Example:
              storno migrate --dry-run --database postgres://storno@db.example/books
            """
    )

    @OptionGroup var location: DatabaseOptions

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    func run() async throws {
        try await explained {
            let settings = try await location.settings()
            let names = dryRun ? try await Migrate.pending(settings) : try await Migrate.run(settings)
            for name in names { print(name) }
            if names.isEmpty {
                Talk.say("The schema is up to date.")
            } else {
                Talk.say(dryRun ? "These would be done, in this order. Nothing was changed." : "These were done.")
            }
        }
    }
}
