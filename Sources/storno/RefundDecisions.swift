import ArgumentParser
import Domain
import Foundation
import Server

extension RefundsCommand {
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a refund that waits for approval go out.",
            discussion: "The account's undo window still lies before it. Nobody approves what they asked for."
        )

        @OptionGroup var refund: AnyRefundArgument

        @Option(help: "Why; shown to operators alone.")
        var note: String?

        func run() async throws { try await refund.decide(.approve(note: note), .approve(note: note)) }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Call off a refund that waits for approval.")

        @OptionGroup var refund: AnyRefundArgument

        @Option(help: "Why; shown to operators alone. Over an API it is required.")
        var note: String?

        func run() async throws { try await refund.decide(.reject(note: note), .reject(note: note)) }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide what became of a refund in needs_review.",
            discussion: "Evidence that says otherwise later brings it back to needs_review."
        )

        @OptionGroup var refund: RefundArgument

        @Option(name: .customLong("as"), help: "succeeded, failed, reversed or canceled.")
        var decision: Resolution

        @Option(help: "Why: what was seen, and where.")
        var note: String

        func run() async throws { try await refund.decide(.resolve(decision, note: note)) }
    }

    struct Recheck: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the processor asked about a refund now.",
            discussion: "A running server asks within a second; without one it is asked once a server runs."
        )

        @OptionGroup var refund: RefundArgument

        func run() async throws { try await refund.decide(.recheck) }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Withdraw a refund that nothing was sent for yet.")

        @OptionGroup var refund: AnyRefundArgument

        func run() async throws { try await refund.decide(.cancel, .cancel) }
    }
}

/// The refund that a decision on this machine's installation is about.
struct RefundArgument: ParsableArguments {
    @OptionGroup var location: DatabaseOptions

    @Argument(help: "The refund.")
    var id: String

    func decide(_ action: RefundAction) async throws {
        try await explained { try await RefundDecision.carryOut(action, id, location) }
    }
}

/// The refund that a decision is about, there or at a server.
struct AnyRefundArgument: ParsableArguments {
    @OptionGroup var desk: DeskOptions

    @Argument(help: "The refund.")
    var id: String

    func decide(_ action: RefundAction, _ remote: RemoteDecision) async throws {
        try await explained {
            switch try desk.choose() {
            case .installation: try await RefundDecision.carryOut(action, id, desk.location)
            case .server(let access): try await remote.carryOut(id, access.client())
            }
        }
    }
}

private enum RefundDecision {
    /// Prints the refund as it then is.
    static func carryOut(_ action: RefundAction, _ id: String, _ location: DatabaseOptions) async throws {
        // Before it is sent: a running server reads only so much.
        try action.check()
        let answer = try await ask(.refund(id, action, user: NSUserName()), location)
        guard case .refund(let refund) = answer else { throw ExitCode(1) }
        print("\(refund.id) \(refund.status)")
    }
}

extension Resolution: ExpressibleByArgument {}
