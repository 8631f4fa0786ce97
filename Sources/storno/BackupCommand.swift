import ArgumentParser
import Server

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into one file, also while a server runs.",
        discussion: """
            Writes FILE and, beside it, FILE.sha256. The copy is of one instant, checked by SQLite and synced. The \
            secret key is not in it: keep a copy of storno.key in another place.

            Example:
              storno backup /backups/storno-monday.sqlite
            """
    )

    @OptionGroup var location: DatabaseOptions

    @Argument(help: "The file to write; there must be none yet.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let settings = try await location.settings()
            let made = try await Backup.write(settings, to: file)
            if json { return try TableOutput.show(json: made) }
            print("\(made.sha256)  \(made.file)")
            Talk.say("\(made.bytes) bytes, with everything up to \(made.upTo ?? "its making").")
            Talk.say("The secret key, \(settings.secretKeyFile), is not in it: keep a copy in another place.")
        }
    }
}
