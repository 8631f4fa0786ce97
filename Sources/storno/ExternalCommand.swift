import ArgumentParser
import Domain
import Foundation
import Server

struct ExternalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "external",
        abstract: "Refunds that were made at the processor, past Storno.",
        subcommands: [Add.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down a refund that was found at the processor, and print its id.",
            discussion: """
                A reference that is known on that payment changes nothing. If a refund of Storno's may be the one, it \
                is asked about first, and this ends with 1: try again later.

                Example:
                  storno external add ch_0123456789abcdefghijklmno 1200 --mode live --reference re_4711
                """
        )

        @OptionGroup var location: DatabaseOptions
        @OptionGroup var books: BookOptions

        @Argument(help: "The payment: 32 hexadecimal digits, or as an API writes it.")
        var payment: String

        @Argument(help: "In minor units.")
        var amount: Int64

        @Option(help: "The processor's reference of the refund.")
        var reference: String

        @Option(help: "The currency's code, to be held against the payment's.")
        var currency: String?

        @Option(help: "When the processor paid it, in ISO 8601. Default: now.", transform: Instant.argument)
        var paid: Moment?

        func run() async throws {
            try await explained {
                let entry = ExternalEntry(
                    account: books.account,
                    mode: books.mode,
                    payment: payment,
                    amount: amount,
                    currency: currency,
                    reference: reference,
                    processorTime: paid?.milliseconds,
                    user: NSUserName()
                )
                guard case .external(let found) = try await ask(.addExternal(entry), location) else {
                    throw ExitCode(1)
                }
                switch found.result {
                case .recorded, .known:
                    print(found.refund)
                    Talk.say(found.result == .known ? "It was known already." : "It is recorded.")
                case .mayBeOurs:
                    Talk.say(
                        "It may be the undecided refund \(found.refund), which is being asked about. Try again later."
                    )
                    throw ExitCode(1)
                }
            }
        }
    }
}
