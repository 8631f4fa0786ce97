import ArgumentParser
import Server

struct DevelopmentCertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev-certificate",
        abstract: "Make a local certificate authority and a certificate, for development over HTTPS.",
        discussion: """
            Example:
              storno dev-certificate --directory tls
              storno serve --tls-certificate tls/storno-certificate.pem --tls-key tls/storno-key.pem
            """
    )

    @Option(help: "Where to write the files.")
    var directory = "."

    @Option(parsing: .upToNextOption, help: "Host names and addresses that the certificate is for.")
    var names = ["localhost", "127.0.0.1", "::1"]

    @Flag(help: "Write the files anew if they are there.")
    var force = false

    func run() async throws {
        try await explained {
            let made = try DevelopmentCertificate.make(in: directory, names: names, overwrites: force)
            print(made.authorityFile)
            Talk.say(
                """
                Certificate  \(made.certificateFile)
                Key          \(made.keyFile)
                Authority    \(made.authorityFile)

                Trust the authority in one program at a time:
                  curl --cacert \(made.authorityFile) https://localhost:8080/healthz
                  REQUESTS_CA_BUNDLE=\(made.authorityFile)   for Python's requests, and so for the Stancer SDK
                  NODE_EXTRA_CA_CERTS=\(made.authorityFile)  for Node

                or on this machine (Debian, Ubuntu):
                  sudo cp \(made.authorityFile) /usr/local/share/ca-certificates/storno.crt && sudo update-ca-certificates
                """
            )
        }
    }
}
