import ArgumentParser
import Domain
import Server
import Storage

/// Whose books, for commands that work on one account in one mode.
struct BookOptions: ParsableArguments {
    @Option(help: "test or live.")
    var mode: String

    @Option(help: "The account.")
    var account = "main"

    func book(of reader: any Reader) async throws -> Book {
        try await ObjectText.book(account, mode, of: reader)
    }
}
