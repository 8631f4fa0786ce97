import ArgumentParser
import Foundation
import Server
import StornoClient

struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Make a payment and a refund in test mode that go as a scenario of the simulated processor says.",
        discussion: """
            Prints what happens until the refund has come to rest. The scenarios:
            \(Catalog.scenarios.map { "  \(TextWidth.padded($0.name, 20))\($0.text)" }.joined(separator: "\n"))

            Examples:
              storno trigger declined
              storno trigger answer_lost --amount 500 --currency JPY
            """
    )

    @OptionGroup var client: ClientOptions

    @Argument(help: "The scenario.", completion: .list(Catalog.scenarios.map(\.name)))
    var scenario: String?

    @Flag(help: "List the scenarios.")
    var list = false

    @Option(help: "Of the refund, in minor units.")
    var amount: Int64 = 2500

    @Option(help: "Such as EUR.")
    var currency = "EUR"

    @Option(help: "Refund this payment, in place of a new one.")
    var payment: String?

    @Option(help: ArgumentHelp("How long to wait for the end.", valueName: "seconds"))
    var timeout = 60

    @Flag(help: "Print JSON: with --list an array, otherwise each event as a line.")
    var json = false

    func validate() throws {
        guard list != (scenario != nil) else { throw ValidationError("Name a scenario, or use --list.") }
        if let scenario, !Catalog.scenarios.contains(where: { $0.name == scenario }) {
            let known = Catalog.scenarios.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no scenario \(scenario). There are: \(known).")
        }
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout is a number from 1 to 3600.") }
    }

    func run() async throws {
        try await explained {
            guard let story = Catalog.scenarios.first(where: { $0.name == scenario }) else { return try showList() }
            let access = try client.required()
            guard !access.key.hasPrefix("storno_live_") else {
                throw ProfileFailure(
                    sentence: "Scenarios are for test mode, and \(access.words) is a key of live mode."
                )
            }
            let storno = try access.client()
            let payment = try await self.payment(storno)
            var draft = RefundDraft(payment: payment, amount: amount)
            draft.metadata = ["scenario": story.name]
            let refund = try await storno.refunds.create(draft)
            Talk.say("\(story.name): \(story.text).")
            var teller = EventTeller(storno: storno, subjects: [.payment(payment), .refund(refund.id)], asJSON: json)
            let clock = ContinuousClock()
            let end = clock.now + .seconds(timeout)
            while true {
                try await teller.tell()
                let seen = try await storno.refunds.get(refund.id)
                let isAtRest =
                    seen.status.rawValue == story.rest
                    && (story.pendingReason == nil || seen.pendingReason == story.pendingReason)
                if isAtRest || seen.status == .awaitingApproval || seen.status == .canceled {
                    try await teller.tell()
                    return Talk.say("\(refund.id) is \(RefundWords.inOneLine(seen)).")
                }
                guard clock.now < end else {
                    Talk.say(
                        "\(refund.id) is still \(RefundWords.inOneLine(seen)), not \(story.rest), after \(timeout) s."
                    )
                    throw ExitCode(1)
                }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func showList() throws {
        let rows = Catalog.scenarios.map { [$0.name, $0.amount.map { String($0) } ?? "any other", $0.text] }
        try TableOutput.show(["scenario", "amount", "story"], rows, asJSON: json)
    }

    private func payment(_ storno: StornoClient) async throws -> String {
        if let payment { return payment }
        var draft = PaymentDraft(amount: amount, currency: currency)
        draft.description = "Made by storno trigger"
        return try await storno.payments.create(draft).id
    }
}

/// Prints the events of some objects, each once, as they come.
private struct EventTeller {
    let storno: StornoClient
    let subjects: [EventSubject]
    let asJSON: Bool
    private var told: Set<String> = []

    init(storno: StornoClient, subjects: [EventSubject], asJSON: Bool) {
        self.storno = storno
        self.subjects = subjects
        self.asJSON = asJSON
    }

    mutating func tell() async throws {
        var new: [Event] = []
        for subject in subjects { new += try await storno.events.list(of: subject).filter { !told.contains($0.id) } }
        for event in new.sorted(by: { ($0.createdAt, $0.sequence) < ($1.createdAt, $1.sequence) }) {
            told.insert(event.id)
            if asJSON { try ClientJSON.line(event) } else { try Lines.put(EventWords.line(event)) }
        }
    }
}
