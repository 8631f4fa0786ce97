import ArgumentParser
import Rows
import Server

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove the books from the rows alone, also while a server runs.",
        discussion: "Prints one line for each finding, `check book object`, and exits with 2 if there is any."
    )

    @OptionGroup var location: DatabaseOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let settings = try await location.settings()
            let store = try await OpenInstallation.reader(settings)
            if store.isSealed {
                Talk.say("There is no secret key at \(settings.secretKeyFile): what is sealed with it was not opened.")
            }
            let findings = try await store.verify()
            let rows = findings.map { [$0.check, String($0.book), $0.subject] }
            if json || !rows.isEmpty { try TableOutput.show(["check", "book", "subject"], rows, asJSON: json) }
            guard findings.isEmpty else {
                Talk.say("\(findings.count) findings.")
                throw ExitCode(2)
            }
            Talk.say("No findings.")
        }
    }
}
