import ArgumentParser
import Foundation
import NIOConcurrencyHelpers
import StornoClient

struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print events as they happen, and forward them to your own server as webhooks.",
        discussion: """
            Each event is sent as the webhooks of an endpoint are, one after the other, signed with a secret of this \
            session: set --secret to keep one over sessions. Nothing is sent twice: what your server did not take is said, and \
            not tried again (`storno events resend` does). The connection is opened again when it breaks, and nothing is \
            left out meanwhile. Ctrl-C ends it with a summary.

            Examples:
              storno listen
              storno listen --forward-to http://127.0.0.1:3000/hooks --events 'refund.*'
            """
    )

    @OptionGroup var client: ClientOptions

    @Option(help: ArgumentHelp("Where to send them, such as http://127.0.0.1:3000/hooks.", valueName: "url"))
    var forwardTo: String?

    @Option(parsing: .upToNextOption, help: "Types such as refund.succeeded or 'refund.*'. Default: all.")
    var events: [String] = []

    @Option(help: ArgumentHelp("Begin behind this event. Default: now.", valueName: "evt_…"))
    var after: String?

    @Option(help: ArgumentHelp("Sign with this one, as whsec_ and base64. Default: a new one.", valueName: "whsec_…"))
    var secret: WebhookSecret?

    @Flag(help: "Print the secret to standard output, as the first line.")
    var printSecret = false

    @Flag(help: "Take any certificate of the server that is forwarded to.")
    var skipVerify = false

    @Option(help: ArgumentHelp("How long your server may take, in seconds.", valueName: "seconds"))
    var timeout = 20

    @Option(help: ArgumentHelp("End after so many events.", valueName: "number"))
    var count: Int?

    @Flag(help: "Print JSON lines: the event, and what became of forwarding it.")
    var json = false

    func validate() throws {
        guard (1...120).contains(timeout) else { throw ValidationError("--timeout is a number from 1 to 120.") }
        if let count { guard count > 0 else { throw ValidationError("--count is at least 1.") } }
        if let forwardTo, !(forwardTo.hasPrefix("http://") || forwardTo.hasPrefix("https://")) {
            throw ValidationError("\(forwardTo) is no address such as http://127.0.0.1:3000/hooks.")
        }
    }

    func run() async throws {
        try await explained {
            let access = try client.required()
            let storno = try access.client()
            let secret = secret ?? .random()
            if printSecret { try Lines.put(secret.text) }
            let forwarder = forwardTo.map { url in
                Forwarder(
                    url: url,
                    secret: secret,
                    timeout: .seconds(timeout),
                    transport: HTTPTransport(verifiesCertificates: !skipVerify)
                )
            }
            let tally = NIOLockedValueBox(Tally())
            let stream = storno.events.jsonStream(types: events, after: after) { notice in
                switch notice {
                case .connected: Talk.say("Listening to \(access.words).")
                case .interrupted(let error, let pause):
                    Talk.say("\(ClientExit.sentence(error)) Again in \(SecondsText.text(pause)).")
                }
            }
            if let forwardTo, !printSecret {
                Talk.say("Forwarding to \(forwardTo), signed with a secret that --print-secret prints.")
            }
            try await Interruption.end {
                var left = count
                for try await json in stream {
                    try await tell(json, forwarder, tally)
                    left = left.map { $0 - 1 }
                    if left == 0 { return }
                }
            }
            Talk.say(tally.withLockedValue { $0.sentence(forwards: forwarder != nil) })
        }
    }

    private func tell(_ message: JSON, _ forwarder: Forwarder?, _ tally: NIOLockedValueBox<Tally>) async throws {
        let event = try StornoCoding.decoder().decode(Event.self, from: StornoCoding.encoder().encode(message))
        let outcome = await forwarder?.forward(message, of: event)
        tally.withLockedValue { $0.add(outcome) }
        if json {
            return try ClientJSON.line(
                JSON.object([
                    "event": message, "status": outcome?.status.map { .integer($0) } ?? .null,
                    "failure": outcome?.failure.map { .string($0) } ?? .null,
                    "duration_ms": outcome.map { .integer($0.milliseconds) } ?? .null,
                ])
            )
        }
        try Lines.put(EventWords.line(event) + (outcome.map { "  \($0.words)" } ?? ""))
    }
}

/// How it went, all in all.
private struct Tally {
    private var events = 0
    private var taken = 0
    private var refused = 0

    mutating func add(_ outcome: Forwarder.Outcome?) {
        events += 1
        guard let outcome else { return }
        if outcome.isTaken { taken += 1 } else { refused += 1 }
    }

    func sentence(forwards: Bool) -> String {
        let many = "\(events) event\(events == 1 ? "" : "s")"
        return forwards ? "\(many): \(taken) taken, \(refused) not." : "\(many)."
    }
}

extension WebhookSecret: ExpressibleByArgument {
    /// From `whsec_` and base64.
    public init?(argument: String) { self.init(argument) }
}

/// Durations for people.
enum SecondsText {
    static func text(_ duration: Duration) -> String {
        duration.formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow))
    }
}
