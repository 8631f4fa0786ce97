import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage

struct DisputesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disputes",
        abstract: "List disputes, and write down what a processor or a bank told of them.",
        subcommands: [List.self, Open.self, Close.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the disputes of an account, newest first.")

        @OptionGroup var location: DatabaseOptions
        @OptionGroup var books: BookOptions

        @Option(help: "Those of one payment: 32 hexadecimal digits, or as an API writes it.")
        var payment: String?

        @Option(help: "At most so many.")
        var limit = 100

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await explained {
                let store = try await OpenInstallation.sealedReader(try await location.settings())
                let book = try await books.book(of: store)
                var wanted: Payment.ID?
                if let payment {
                    wanted = Payment.ID(try await ObjectText.find(.payment, payment, in: book, of: store))
                }
                let range = KeyRange(.newestFirst, limit: max(limit, 0))
                let keys = try await store.keys(of: .disputes(book, payment: wanted), in: range)
                let disputes = try await store.disputes(keys.map { Dispute.ID($0) }, in: book)
                    .map { DisputeSummary($0.dispute) }
                if json { return try TableOutput.show(json: disputes) }
                let rows = disputes.map { dispute in
                    [
                        dispute.id, dispute.payment, "\(dispute.amount) \(dispute.currency)", dispute.stage,
                        dispute.state, dispute.reference ?? "", dispute.opened, dispute.closed ?? "",
                    ]
                }
                let columns = ["id", "payment", "amount", "stage", "state", "reference", "opened", "closed"]
                try TableOutput.show(columns, rows, asJSON: false)
            }
        }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down that a payment is disputed, and print the dispute's id.",
            discussion: """
                Refunds of the payment that nothing was sent for are canceled. The same reference again on the same \
                payment is the same dispute: what is told otherwise then is written down.

                Example:
                  storno disputes open paym_sS1sXwDuaqGTjuQ7DY4BBNaI 500 --mode live --reference dp_81
                """
        )

        @OptionGroup var location: DatabaseOptions
        @OptionGroup var books: BookOptions

        @Argument(help: "The payment: 32 hexadecimal digits, or as an API writes it.")
        var payment: String

        @Argument(help: "In minor units.")
        var amount: Int64

        @Option(help: "The currency's code, to be held against the payment's.")
        var currency: String?

        @Option(help: "inquiry, chargeback or arbitration.")
        var stage = "chargeback"

        @Flag(inversion: .prefixedNo, help: "Whether the processor has taken the money already.")
        var fundsWithdrawn = true

        @Option(help: "What the processor knows it by.")
        var reference: String?

        @Option(help: "The card network's reason code.")
        var response: String?

        @Option(help: "When, in ISO 8601. Default: now.", transform: Instant.argument)
        var opened: Moment?

        func run() async throws {
            try await explained {
                let entry = DisputeEntry(
                    account: books.account,
                    mode: books.mode,
                    payment: payment,
                    amount: amount,
                    currency: currency,
                    stage: stage,
                    fundsWithdrawn: fundsWithdrawn,
                    reference: reference,
                    response: response,
                    openedAt: opened?.milliseconds,
                    user: NSUserName()
                )
                guard case .dispute(let dispute) = try await ask(.openDispute(entry), location) else {
                    throw ExitCode(1)
                }
                print(dispute.id)
                Talk.say("\(dispute.amount) \(dispute.currency) of the payment are \(dispute.state) in dispute.")
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down how a dispute ended.",
            discussion: """
                What was won can be lost later, and the other way round: the amount is held again, or given back.

                Example:
                  storno disputes close 019b7e… won --mode live
                """
        )

        @OptionGroup var location: DatabaseOptions
        @OptionGroup var books: BookOptions

        @Argument(help: "The dispute: 32 hexadecimal digits, or as an API writes it.")
        var dispute: String

        @Argument(help: "won or lost.")
        var state: String

        func run() async throws {
            try await explained {
                let end = DisputeEnd(
                    account: books.account,
                    mode: books.mode,
                    dispute: dispute,
                    state: state,
                    user: NSUserName()
                )
                guard case .dispute(let dispute) = try await ask(.closeDispute(end), location) else {
                    throw ExitCode(1)
                }
                Talk.say("The dispute over \(dispute.amount) \(dispute.currency) is \(dispute.state).")
            }
        }
    }
}
