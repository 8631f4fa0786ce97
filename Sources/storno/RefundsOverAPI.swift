import ArgumentParser
import Foundation
import StornoClient

// Refunds as a server's API has them: for whoever has a key, and nothing of the installation.

extension RefundsCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask a server's API for a refund.",
            discussion: """
                Amounts are in minor units: 1000 is 10.00 EUR. Without --amount it is all that is left.

                Examples:
                  storno refunds create pay_… --amount 1000 --reason requested_by_customer
                  storno refunds create pay_… --wait
                """
        )

        @OptionGroup var client: ClientOptions

        @Argument(help: "The payment.")
        var payment: String

        @Option(help: "In minor units. Default: all that is left.")
        var amount: Int64?

        @Option(help: "The reason's code.")
        var reason: String?

        @Option(help: "Free text.")
        var comment: String?

        @Option(help: ArgumentHelp("What you keep with it; any number of times.", valueName: "name=value"))
        var metadata: [Pair] = []

        @Option(help: ArgumentHelp("Makes this request do nothing twice.", valueName: "key"))
        var idempotencyKey: String?

        @Flag(help: "Wait until it has succeeded, and exit with 1 if it has not within a minute.")
        var wait = false

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                let storno = try client.client()
                var draft = RefundDraft(payment: payment, amount: amount)
                draft.reason = reason
                draft.comment = comment
                draft.metadata = Pair.dictionary(metadata)
                var refund = try await storno.refunds.create(draft, idempotencyKey: idempotencyKey)
                if wait { refund = try await Self.settled(refund, storno) }
                try RefundWords.show(refund, asJSON: json)
                guard !wait || refund.status == .succeeded else {
                    Talk.say("\(refund.id) is \(RefundWords.inOneLine(refund)).")
                    throw ExitCode(1)
                }
            }
        }

        private static func settled(_ refund: Refund, _ storno: StornoClient) async throws -> Refund {
            var refund = refund
            for _ in 0..<240 where !refund.status.isSettled && refund.status != .awaitingApproval {
                try await Task.sleep(for: .milliseconds(250))
                refund = try await storno.refunds.get(refund.id)
            }
            return refund
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a refund as a server's API has it, with what was sent and heard."
        )

        @OptionGroup var client: ClientOptions

        @Argument(help: "The refund.")
        var id: String

        @Flag(help: "Print JSON, with amounts in minor units.")
        var json = false

        func run() async throws {
            try await explained {
                let storno = try client.client()
                let refund = try await storno.refunds.get(id)
                try RefundWords.show(refund, asJSON: json)
                guard !json else { return }
                let evidence = try await storno.refunds.evidence(id)
                guard !evidence.isEmpty else { return }
                print("\nWhat was heard")
                let rows = evidence.map { fact in
                    [
                        TimeWords.text(fact.arrivedAt), fact.source, fact.claim,
                        fact.amount.map { MoneyWords.text($0, fact.currency ?? refund.currency) } ?? "",
                        fact.failure?.code ?? "",
                    ]
                }
                try TableOutput.show(["arrived", "source", "claim", "amount", "failure"], rows, asJSON: false)
            }
        }
    }
}

/// What a decision asks of a server.
enum RemoteDecision: Sendable {
    case approve(note: String?)
    case reject(note: String?)
    case cancel

    func carryOut(_ id: String, _ storno: StornoClient) async throws {
        let refund =
            switch self {
            case .approve(let note): try await storno.refunds.approve(id, note: note)
            // Without a note the server says that there has to be one.
            case .reject(let note): try await storno.refunds.reject(id, note: note ?? "")
            case .cancel: try await storno.refunds.cancel(id)
            }
        print("\(refund.id) \(refund.status)")
    }
}

/// A list of a server's refunds.
struct RemoteRefunds {
    let storno: StornoClient
    /// None for all.
    let statuses: [String]
    let limit: Int

    func show(asJSON: Bool) async throws {
        let filter = RefundFilter(statuses: statuses.map { RefundStatus(rawValue: $0) })
        let found = try await storno.refunds.list(filter).first(limit + 1)
        let shown = found.prefix(limit)
        if asJSON { return try ClientJSON.show(shown.map { EventObject.refund($0) }) }
        let rows = shown.map { refund in
            [
                refund.id, refund.status.rawValue, MoneyWords.text(refund.amount, refund.currency), refund.payment,
                TimeWords.text(refund.createdAt), RefundWords.code(refund) ?? "",
            ]
        }
        if !rows.isEmpty {
            try TableOutput.show(["id", "status", "amount", "payment", "created", "why"], rows, asJSON: false)
        }
        if found.count > limit { Talk.say("There are more than \(limit). --limit shows more.") }
        if found.isEmpty {
            Talk.say(
                statuses.isEmpty ? "None." : "None is \(statuses.joined(separator: " or ")). --all lists every refund."
            )
        }
    }
}

enum RefundWords {
    static func show(_ refund: Refund, asJSON: Bool) throws {
        if asJSON { return try ClientJSON.show(EventObject.refund(refund)) }
        Details.show(
            [
                ("refund", refund.id), ("status", refund.status.rawValue), ("why", why(refund)),
                ("amount", MoneyWords.text(refund.amount, refund.currency)),
                ("kind", refund.kind == .refund ? nil : refund.kind.rawValue), ("payment", refund.payment),
                ("reason", refund.reason), ("comment", refund.comment), ("retry of", refund.retryOf),
                ("customer", refund.customer), ("asked by", "\(refund.actor.type) \(refund.actor.id)"),
                ("processor", refund.processor), ("processor ref.", refund.processorReference),
                ("bank ref.", refund.bankReference), ("created", TimeWords.text(refund.createdAt)),
                ("sent", TimeWords.text(refund.sentAt)), ("succeeded", TimeWords.text(refund.succeededAt)),
                ("expires", TimeWords.text(refund.expiresAt)), ("next check", TimeWords.text(refund.nextCheckAt)),
            ] + Pair.details(refund.metadata)
        )
    }

    static func inOneLine(_ refund: Refund) -> String {
        refund.status.rawValue + (code(refund).map { " (\($0))" } ?? "")
    }

    static func code(_ refund: Refund) -> String? { refund.failure?.code ?? refund.pendingReason }

    /// Why it is not sent, or did not happen.
    static func why(_ refund: Refund) -> String? {
        guard let failure = refund.failure else { return refund.pendingReason }
        return failure.detail.map { "\(failure.code): \($0)" } ?? failure.code
    }
}
