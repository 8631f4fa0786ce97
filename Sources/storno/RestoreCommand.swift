import ArgumentParser
import Server

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in an empty place, proven.",
        discussion: """
            Replaces nothing: move the old database away first, with its -wal, and have storno.key in its place. The \
            backup's checksum, SQLite's own check and `storno verify` have to agree.

            Refunds that had not left when the backup was made may have left since. Their processors are asked before \
            anything is sent (in_doubt); what waited for approval waits for a person (needs_review). What was decided \
            after the backup is lost: docs/OPERATING.md says how to find it again.

            Example:
              storno restore /backups/storno-monday.sqlite --database sqlite:storno.sqlite
            """
    )

    @OptionGroup var location: DatabaseOptions

    @Argument(help: "The backup.")
    var file: String

    @Flag(help: "Do not ask for a checksum: for copies that storno did not make.")
    var unchecked = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let made = try await Restore.run(try await location.settings(), from: file, isChecked: !unchecked)
            if json { return try TableOutput.show(json: made) }
            Talk.say("Restored \(made.database), with everything up to \(made.upTo). No findings.")
            Talk.say("\(made.inDoubt) refunds may have been sent since; their processors will be asked.")
            Talk.say("\(made.needsReview) refunds waited for approval, and need review: storno refunds list")
        }
    }
}
