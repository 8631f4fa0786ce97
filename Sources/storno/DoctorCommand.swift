import ArgumentParser
import Foundation
import Server

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with an installation and how to mend it; changes nothing.",
        discussion: """
            Takes the settings that the server takes. Each line is ok, a warning or a problem. Exits with 2 if there is any \
            problem. Works beside a running server as well.

            Examples:
              storno doctor
              storno doctor --config /etc/storno.json --json
            """
    )

    @OptionGroup var location: DatabaseOptions

    @Option(help: "The address that the server is to listen on.")
    var host: String?

    @Option(help: "The port that the server is to listen on.")
    var port: Int?

    @Option(help: ArgumentHelp("The server's certificate chain.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key.", valueName: "file"))
    var tlsKey: String?

    @Flag(help: "Prove the whole of the books, as `storno verify` does: it takes its time.")
    var thorough = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await explained {
            let flags = [
                "host": host, "port": port.map(String.init), "tls.certificate": tlsCertificate, "tls.key": tlsKey,
            ]
            let environment = ProcessInfo.processInfo.environment
            let doctor = Doctor(
                settings: try await location.settings(flags),
                file: location.config ?? environment["STORNO_CONFIG"],
                environment: environment
            )
            let found = await doctor.examine(isThorough: thorough)
            if json { try TableOutput.show(json: found) } else { show(found) }
            let problems = found.count { $0.verdict == .problem }
            let warnings = found.count { $0.verdict == .warning }
            let counts = [(problems, "problem"), (warnings, "warning")].map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
            Talk.say(counts.joined(separator: ", ") + ".")
            if problems > 0 { throw ExitCode(2) }
        }
    }

    private func show(_ found: [Diagnosis]) {
        for item in found {
            let verdict = item.verdict.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            let check = item.check.padding(toLength: 20, withPad: " ", startingAt: 0)
            print("\(verdict) \(check) \(item.says)")
            if let advice = item.advice { print(String(repeating: " ", count: 30) + "-> \(advice)") }
        }
    }
}
