import ArgumentParser
import Foundation
import StornoClient

struct PaymentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments",
        abstract: "Take, list and look at payments, over a server's API.",
        discussion: """
            Amounts are in minor units: 2500 is 25.00 EUR, and 2500 JPY.

            Examples:
              storno payments create --amount 2500 --currency EUR
              storno payments list --status captured
              storno payments get pay_…
            """,
        subcommands: [Create.self, List.self, Get.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a payment by the simulated processor; in test mode alone."
        )

        @OptionGroup var client: ClientOptions

        @Option(help: "In minor units: 2500 is 25.00 EUR.")
        var amount: Int64

        @Option(help: "Such as EUR.")
        var currency: String

        @Option(help: "Your own reference, which no other payment has.")
        var reference: String?

        @Option(help: "Your order.")
        var order: String?

        @Option(help: "Free text.")
        var description: String?

        @Option(help: ArgumentHelp("What you keep with it; any number of times.", valueName: "name=value"))
        var metadata: [Pair] = []

        @Flag(help: "Authorize it alone; captures come later.")
        var authorizeOnly = false

        @Option(help: ArgumentHelp("Makes this request do nothing twice.", valueName: "key"))
        var idempotencyKey: String?

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                var draft = PaymentDraft(amount: amount, currency: currency)
                draft.reference = reference
                draft.orderReference = order
                draft.description = description
                draft.metadata = Pair.dictionary(metadata)
                if authorizeOnly { draft.captures = false }
                let made = try await client.client().payments.create(draft, idempotencyKey: idempotencyKey)
                try PaymentOutput.show(made, asJSON: json)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List payments, newest first.")

        @OptionGroup var client: ClientOptions

        @Option(parsing: .upToNextOption, help: "Which ones, such as captured authorized.")
        var status: [String] = []

        @Option(help: "With your own reference.")
        var reference: String?

        @Option(help: "Of this order.")
        var order: String?

        @Option(help: "Of this customer.")
        var customer: String?

        @OptionGroup var count: ListCount

        @Flag(help: "Print JSON: an array, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                var filter = PaymentFilter(statuses: status.map { PaymentStatus(rawValue: $0) })
                filter.reference = reference
                filter.orderReference = order
                filter.customer = customer
                let found = try await client.client().payments.list(filter).first(count.limit + 1)
                let shown = found.prefix(count.limit)
                if json { return try ClientJSON.show(shown.map { EventObject.payment($0) }) }
                let rows = shown.map { payment in
                    [
                        payment.id, payment.status.rawValue, MoneyWords.text(payment.amount, payment.currency),
                        MoneyWords.text(payment.amountRefundable, payment.currency),
                        TimeWords.text(payment.createdAt), payment.reference ?? payment.orderReference ?? "",
                    ]
                }
                try TableOutput.show(
                    ["id", "status", "amount", "refundable", "created", "reference"],
                    rows,
                    asJSON: false
                )
                count.sayMore(found.count)
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a payment.")

        @OptionGroup var client: ClientOptions

        @Argument(help: "Its id.")
        var id: String

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                try PaymentOutput.show(try await client.client().payments.get(id), asJSON: json)
            }
        }
    }
}

private enum PaymentOutput {
    static func show(_ payment: Payment, asJSON: Bool) throws {
        if asJSON { return try ClientJSON.show(EventObject.payment(payment)) }
        func money(_ amount: Int64?) -> String? {
            amount.flatMap { $0 == 0 ? nil : MoneyWords.text($0, payment.currency) }
        }
        Details.show(
            [
                ("payment", payment.id), ("status", payment.status.rawValue),
                ("amount", MoneyWords.text(payment.amount, payment.currency)),
                ("captured", money(payment.amountCaptured)), ("capturable", money(payment.amountCapturable)),
                ("refundable", MoneyWords.text(payment.amountRefundable, payment.currency)),
                ("pending", money(payment.amountPending)), ("refunded", money(payment.amountRefunded)),
                ("disputed", money(payment.amountDisputed)), ("excess", money(payment.amountExcess)),
                ("method", payment.method), ("customer", payment.customer), ("pot", payment.pot),
                ("reference", payment.reference), ("order", payment.orderReference),
                ("description", payment.description), ("processor", payment.processor),
                ("processor ref.", payment.processorReference), ("created", TimeWords.text(payment.createdAt)),
                ("captured at", TimeWords.text(payment.capturedAt)),
            ] + Pair.details(payment.metadata)
        )
    }
}
