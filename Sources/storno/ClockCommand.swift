import ArgumentParser
import Domain
import Foundation
import Rows
import Server
import Storage
import StornoClient

struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Stop and move the time of an account's test mode.",
        discussion: """
            Everything in the account's test mode lives by it: refunds and captures of the sandbox, undo windows, \
            approvals, retries, webhooks. Other accounts and live mode do not.

            It is that of an account of this machine's installation; with --profile, --address or a key in the \
            environment that of the key's account, at a server.

            Examples:
              storno clock freeze
              storno clock advance --days 10     what would have happened in ten days happens now, in its order
              storno clock resume
            """,
        subcommands: [Show.self, Freeze.self, Advance.self, Resume.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what time it is in an account's test mode.")

        @OptionGroup var output: ClockOutput

        func run() async throws {
            try await explained {
                switch try output.chosen() {
                case .server(let access): try output.show(try await access.client().testClock.get())
                case .installation:
                    let store = try await OpenInstallation.sealedReader(try await output.desk.location.settings())
                    let book = try await ObjectText.book(output.accountHere, Mode.test.rawValue, of: store)
                    let clock = try await store.clock(of: book)
                    let truth = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
                    try output.show(ClockSummary(clock, truly: truth, of: output.accountHere))
                }
            }
        }
    }

    struct Freeze: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the time where it is, or later.",
            discussion: "In a test mode in which nothing has happened yet it may stand anywhere from 2000 to 2200."
        )

        @OptionGroup var output: ClockOutput

        @Option(help: "Where it is to stand, in ISO 8601. Default: where it is.", transform: Instant.argument)
        var at: Moment?

        func run() async throws { try await output.carryOut(.freeze(at: at?.milliseconds)) }
    }

    struct Advance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move the time forward, with everything that falls due on the way; it stands from then on.",
            discussion: """
                What falls due happens at its own time, one after the other: a refund is sent, then followed, then its \
                events are told. Where that takes longer than some seconds, the clock goes on by itself while a server \
                runs, and `storno clock show` says when it has arrived.

                Example:
                  storno clock advance --days 3 --hours 12
                """
        )

        @OptionGroup var output: ClockOutput

        @Option(help: "Days to add.")
        var days: Int64 = 0

        @Option(help: "Hours to add.")
        var hours: Int64 = 0

        @Option(help: "Minutes to add.")
        var minutes: Int64 = 0

        @Option(help: "Seconds to add.")
        var seconds: Int64 = 0

        @Option(help: "Where to move it, in ISO 8601, instead.", transform: Instant.argument)
        var to: Moment?

        func validate() throws {
            let parts = [days, hours, minutes, seconds]
            guard parts.allSatisfy({ (0...1_000_000_000).contains($0) }) else {
                throw ValidationError("The time never goes back, and not by more than 1000000000 of anything.")
            }
            guard (to == nil) != parts.allSatisfy({ $0 == 0 }) else {
                throw ValidationError("Say how far with --days, --hours, --minutes and --seconds, or where with --to.")
            }
        }

        func run() async throws {
            let total = days * 86_400 + hours * 3600 + minutes * 60 + seconds
            let action = to.map { ClockWish.Action.advanceTo($0.milliseconds) } ?? .advance(bySeconds: total)
            try await output.carryOut(action)
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the time run again.",
            discussion: """
                With the true time where it stood behind it. It never goes back: where it stood ahead, it runs on from \
                there.
                """
        )

        @OptionGroup var output: ClockOutput

        func run() async throws { try await output.carryOut(.resume) }
    }
}

/// Whose clock, and how it is shown.
struct ClockOutput: ParsableArguments {
    @OptionGroup var desk: DeskOptions

    @Option(help: "The installation's account. Default: main.")
    var account: String?

    @Flag(help: "Print JSON.")
    var json = false

    var accountHere: String { account ?? "main" }

    func chosen() throws -> DeskOptions.Desk {
        let desk = try desk.choose()
        if case .server = desk, account != nil {
            throw ValidationError("--account is for this machine's installation: a key is of one account.")
        }
        return desk
    }

    func carryOut(_ action: ClockWish.Action) async throws {
        try await explained {
            switch try chosen() {
            case .server(let access): try show(try await action.ask(try access.client().testClock))
            case .installation:
                let wish = ClockWish(account: accountHere, action: action, user: NSUserName())
                guard case .clock(let clock) = try await ask(.setClock(wish), desk.location) else { throw ExitCode(1) }
                try show(clock)
            }
        }
    }

    func show(_ clock: ClockSummary) throws {
        if json { return try TableOutput.show(json: clock) }
        let isAhead = clock.aheadByMilliseconds > 0
        say(clock.now, clock.status, movingTo: clock.advancingTo, isAhead: isAhead)
    }

    func show(_ clock: TestClock) throws {
        if json { return try ClientJSON.show(clock) }
        let target = clock.advancingTo.map { TimeWords.text($0) }
        let isAhead = clock.aheadByMilliseconds > 0
        say(TimeWords.text(clock.now), clock.status.rawValue, movingTo: target, isAhead: isAhead)
    }

    /// What time it is, for programs too; the rest is said beside it.
    private func say(_ now: String, _ status: String, movingTo target: String?, isAhead: Bool) {
        print(now)
        switch status {
        case "advancing": Talk.say("It is on its way to \(target ?? now).")
        case "frozen": Talk.say("It stands.")
        default: Talk.say(isAhead ? "It runs, ahead of the true time." : "It runs with the true time.")
        }
    }
}

extension ClockWish.Action {
    /// The same of a server's API.
    fileprivate func ask(_ clock: TestClocks) async throws -> TestClock {
        func date(_ milliseconds: Int64) -> Date {
            Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
        }
        return switch self {
        case .freeze(let at): try await clock.freeze(at: at.map(date))
        case .advance(let seconds): try await clock.advance(bySeconds: seconds)
        case .advanceTo(let target): try await clock.advance(to: date(target))
        case .resume: try await clock.resume()
        }
    }
}
