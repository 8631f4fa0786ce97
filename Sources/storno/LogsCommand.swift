import ArgumentParser
import Foundation
import StornoClient

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "See the requests to a server's APIs, over its API.",
        subcommands: [Tail.self]
    )

    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print requests as they are answered: those of this key's account and mode, in every API.",
            discussion: """
                A node keeps the newest 500 of them in memory, without bodies, queries and anything else that a client wrote: \
                the route's pattern stands for the path. With several nodes, it is those of the one that answers. Needs the \
                scope logs:read.

                Examples:
                  storno logs tail --status 4xx
                  storno logs tail --path '/v1/refunds*' --method POST --json
                """
        )

        @OptionGroup var client: ClientOptions

        @Option(help: "A status such as 404, or a class such as 4xx; any number of times.")
        var status: [String] = []

        @Option(help: "GET, POST, …; any number of times.")
        var method: [String] = []

        @Option(help: "A route such as '/v1/refunds/{id}', or '/v1/refunds*'; any number of times.")
        var path: [String] = []

        @Option(
            name: .customLong("api"),
            help: "One API alone: cari, collctiv, stancer or storno; any number of times."
        )
        var dialect: [String] = []

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("How many of those that were to begin with.", valueName: "number")
        )
        var number = 10

        @Flag(name: .customLong("no-follow"), help: "Print those that were, and end.")
        var ends = false

        @Flag(help: "Print JSON lines.")
        var json = false

        func validate() throws {
            guard (0...500).contains(number) else { throw ValidationError("--number is a number from 0 to 500.") }
        }

        func run() async throws {
            try await explained {
                let access = try client.required()
                let logs = try access.client().requestLogs
                var filter = RequestLogFilter()
                filter.statuses = status
                filter.methods = method
                filter.paths = path
                filter.dialects = dialect
                // One at least, to know where the stream begins.
                let newest = try await logs.list(filter).first(max(1, number))
                for request in newest.prefix(number).reversed() { try show(request) }
                guard !ends else { return }
                // Where there is none yet, behind one that is no longer kept: nothing falls between the list and the stream.
                let stream = logs.stream(filter, after: newest.first?.id ?? "req_0") { notice in
                    switch notice {
                    case .connected: Talk.say("Following \(access.words).")
                    case .interrupted(let error, let pause):
                        Talk.say("\(ClientExit.sentence(error)) Again in \(SecondsText.text(pause)).")
                    }
                }
                try await Interruption.end { for try await request in stream { try show(request) } }
            }
        }

        private func show(_ request: RequestLog) throws {
            if json { return try ClientJSON.line(request) }
            let path = TextWidth.printable(request.path ?? "(no such route)")
            let line = [
                TimeWords.text(request.createdAt), Paint.of(http: request.status)(String(request.status)),
                TextWidth.padded(TextWidth.printable(request.method), 6),
                TextWidth.padded("\(request.dialect) \(path)", 44),
                TextWidth.padded("\(request.durationMilliseconds) ms", 7),
                request.id, request.code?.rawValue ?? (request.isIdempotentReplay ? "replayed" : ""),
            ]
            try Lines.put(line.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }
}
