import ArgumentParser
import Foundation
import StornoClient

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List what happened, and have it told once more, over a server's API.",
        discussion: """
            Examples:
              storno events list --type 'refund.*'
              storno events list --refund ref_…
              storno events resend evt_…
            """,
        subcommands: [List.self, Get.self, Resend.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events, newest first; or all of one object, oldest first."
        )

        @OptionGroup var client: ClientOptions

        @Option(help: "A type such as refund.succeeded, or 'refund.*'; any number of times.")
        var type: [String] = []

        @Option(help: "Of this payment.")
        var payment: String?

        @Option(help: "Of this refund.")
        var refund: String?

        @Option(help: "Of this dispute.")
        var dispute: String?

        @Option(help: "Of this customer.")
        var customer: String?

        @OptionGroup var count: ListCount

        @Flag(help: "Print JSON: an array, with amounts in minor units.")
        var json = false

        private var subjects: [EventSubject] {
            [
                payment.map { .payment($0) }, refund.map { .refund($0) }, dispute.map { .dispute($0) },
                customer.map { .customer($0) },
            ]
            .compactMap { $0 }
        }

        func validate() throws {
            guard subjects.count <= 1 else {
                throw ValidationError("Only one of --payment, --refund, --dispute and --customer can be given.")
            }
        }

        func run() async throws {
            try await explained {
                let events = try client.client().events
                let found =
                    if let subject = subjects.first {
                        try await events.list(of: subject, types: type)
                    } else {
                        try await events.list(types: type).first(count.limit + 1)
                    }
                let shown = subjects.isEmpty ? Array(found.prefix(count.limit)) : found
                if json { return try ClientJSON.show(shown) }
                let rows = shown.map { event in
                    [
                        TimeWords.text(event.createdAt), event.type.rawValue, EventWords.amount(event) ?? "",
                        "\(event.actor.type) \(event.actor.id)", event.id,
                    ]
                }
                try TableOutput.show(["created", "type", "amount", "by", "id"], rows, asJSON: false)
                if subjects.isEmpty { count.sayMore(found.count) }
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print an event as JSON.")

        @OptionGroup var client: ClientOptions

        @Argument(help: "Its id.")
        var id: String

        func run() async throws {
            try await explained { try ClientJSON.show(try await client.client().events.get(id)) }
        }
    }

    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have an event told once more to webhook endpoints.",
            discussion: "Without --endpoint, to all enabled ones that take its type."
        )

        @OptionGroup var client: ClientOptions

        @Argument(help: "The event's id.")
        var id: String

        @Option(help: ArgumentHelp("The endpoint's id; any number of times.", valueName: "we_…"))
        var endpoint: [String] = []

        func run() async throws {
            try await explained {
                let storno = try client.client()
                let event = try await storno.events.get(id)
                var chosen = endpoint
                if chosen.isEmpty {
                    for try await known in storno.webhookEndpoints.list() where known.status == .enabled {
                        if known.events.isEmpty || known.events.contains(where: event.type.matches) {
                            chosen.append(known.id)
                        }
                    }
                }
                guard !chosen.isEmpty else {
                    Talk.say("No enabled endpoint takes \(event.type). Name one with --endpoint.")
                    throw ExitCode(1)
                }
                for endpoint in chosen {
                    let replay = try await storno.webhookEndpoints.replay(endpoint, events: [id])
                    if replay.queued == 0 {
                        Talk.say("\(endpoint) is about to be told of it anyhow.")
                    } else {
                        print("\(endpoint) \(id)")
                    }
                }
            }
        }
    }
}

enum EventWords {
    /// What it is about, in money.
    static func amount(_ event: Event) -> String? {
        switch event.object {
        case .payment(let payment): MoneyWords.text(payment.amount, payment.currency)
        case .refund(let refund): MoneyWords.text(refund.amount, refund.currency)
        case .dispute(let dispute): MoneyWords.text(dispute.amount, dispute.currency)
        case .pot(let pot): MoneyWords.text(pot.balance, pot.currency)
        case .other: nil
        }
    }

    /// One line: when, what, how much, which.
    static func line(_ event: Event) -> String {
        let columns = [
            TimeWords.text(event.createdAt), TextWidth.padded(TextWidth.printable(event.type.rawValue), 24),
            TextWidth.padded(amount(event) ?? "", 14), TextWidth.printable(event.object.id),
        ]
        return columns.joined(separator: "  ")
    }
}
