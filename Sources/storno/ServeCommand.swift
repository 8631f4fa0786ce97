import ArgumentParser
import Server

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer requests until SIGTERM or SIGINT.",
        discussion: """
            Each setting comes from its flag, else from the environment (STORNO_HOST, STORNO_PORT, STORNO_DATABASE, \
            STORNO_TLS_CERTIFICATE, STORNO_TLS_KEY, STORNO_SECRET_KEY_FILE, STORNO_LOG_LEVEL), else from the file of \
            --config or STORNO_CONFIG, else it is the default.

            Examples:
              storno serve --demo
              storno serve --host 0.0.0.0 --port 8443 --tls-certificate chain.pem --tls-key key.pem
            """
    )

    @OptionGroup var location: DatabaseOptions

    @Option(help: "The address to listen on. Default: 127.0.0.1.")
    var host: String?

    @Option(help: "The port to listen on. Default: 8080.")
    var port: Int?

    @Option(
        help: ArgumentHelp("A PEM file with the certificate chain: the port then speaks TLS only.", valueName: "file")
    )
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("A PEM file with the certificate's key.", valueName: "file"))
    var tlsKey: String?

    @Option(help: "A port for GET /metrics, for Prometheus. Default: none.")
    var metricsPort: Int?

    @Flag(help: "Make a demo account with keys that everybody knows, for this machine alone.")
    var demo = false

    @Flag(help: "Take the machine's clock over at once where it is ahead, instead of drifting towards it.")
    var trustClock = false

    func run() async throws {
        try await explained {
            let flags = [
                "host": host, "port": port.map(String.init), "tls.certificate": tlsCertificate, "tls.key": tlsKey,
                "metrics.port": metricsPort.map(String.init),
            ]
            var settings = try await location.settings(flags, isDemo: demo)
            settings.trustsClock = trustClock
            let greeting = demo ? DemoGreeting(settings: settings) : nil
            try await Serve.run(settings) { announcement in
                Talk.say(announcement.text)
                if case .listening(let address) = announcement { greeting?.show(address: address) }
            }
        }
    }
}

/// What somebody needs who has just started a demo: the keys and lines to paste.
struct DemoGreeting: Sendable {
    let settings: Settings

    func show(address: String) {
        func key(_ dialect: String) -> String { Demo.keys.first { $0.dialect == dialect }?.text ?? "" }
        Talk.say(
            """

            Storno runs at \(address) with a demo account. Everything in it is simulated; no money moves.

              Cari key      \(key("cari"))
              Collctiv key  \(key("collctiv"))
              Stancer key   \(key("stancer"))
              Storno key    \(key("storno"))

            Paste one line for each API:

            curl -X POST \(address)/refunds -H "Authorization: Bearer \(key("cari"))" -H "Content-Type: application/json" -d '{"charge": "charge_id_1", "amount": 100}'

            curl -X POST \(address)/v1/refunds -H "Authorization: Bearer \(key("collctiv"))" -H "Content-Type: application/json" -d '{"amount": 1000, "payment": "999fe8d5-1615-414b-83fc-2740b3c4a899", "reason": {"code": "customer_requested"}}'

            curl -X POST \(address)/v1/refunds/ -u \(key("stancer")): -H "Content-Type: application/json" -d '{"payment": "paym_sS1sXwDuaqGTjuQ7DY4BBNaI", "amount": 50}'

            curl -X POST \(address)/storno/v1/payments -u \(key("storno")): -H "Content-Type: application/json" -d '{"amount": 2500, "currency": "EUR"}'

            or let this program do it, in another window:

            echo \(key("storno")) | storno profiles add demo --address \(address)
            storno trigger declined

            and see how far the newest refund of the Collctiv payment has come:

            curl \(address)/v1/refunds/999fe8d5-1615-414b-83fc-2740b3c4a899 -H "Authorization: Bearer \(key("collctiv"))"

            """
        )
    }
}
