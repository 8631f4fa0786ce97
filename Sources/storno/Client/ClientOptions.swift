import ArgumentParser
import Foundation
import StornoClient

/// Which server is asked, and with which key.
struct ClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The profile whose server and key are used.", valueName: "name"),
        completion: Profiles.completion
    )
    var profile: String?

    @Option(help: ArgumentHelp("The server's address, in place of the profile's.", valueName: "url"))
    var address: String?

    static let defaultAddress = "http://127.0.0.1:8080"

    /// - Returns: `nil` where nothing says which: no flag, nothing in the environment, no current profile.
    func access() throws -> Access? {
        let profiles = try Profiles.load()
        if let profile { return Access(profile, try profiles.named(profile), address) }
        if let key = ProcessEnvironment.value("STORNO_API_KEY"), !key.isEmpty {
            let environment = ProcessEnvironment.value("STORNO_ADDRESS")
            return Access(name: nil, address: address ?? environment ?? Self.defaultAddress, key: key)
        }
        let named = ProcessEnvironment.value("STORNO_PROFILE").flatMap { $0.isEmpty ? nil : $0 }
        guard let name = named ?? profiles.current else { return nil }
        return Access(name, try profiles.named(name), address)
    }

    /// Whether a flag says which.
    var isGiven: Bool { profile != nil || address != nil }

    func required() throws -> Access {
        if let access = try access() { return access }
        throw ProfileFailure(
            sentence: """
                No server is chosen. Name one:
                  storno profiles add NAME --address http://127.0.0.1:8080
                or set STORNO_API_KEY, and STORNO_ADDRESS where it is another than \(Self.defaultAddress).
                """
        )
    }

    func client() throws -> StornoClient { try required().client() }
}

/// A server, and as whom it is asked.
struct Access: Sendable {
    /// The profile's; `nil` where the environment has the key.
    let name: String?
    let address: String
    let key: String

    init(name: String?, address: String, key: String) {
        self.name = name
        self.address = address
        self.key = key
    }

    fileprivate init(_ name: String, _ profile: Profile, _ address: String?) {
        self.init(name: name, address: address ?? profile.address, key: profile.key)
    }

    var words: String {
        "\(address) with \(Profile.masked(key)) (\(name.map { "profile \($0)" } ?? "STORNO_API_KEY"))"
    }

    /// - Parameter retries: how often a call is tried again; the library's own number where it is `nil`.
    func client(retries: Int? = nil) throws -> StornoClient {
        var options = StornoClient.Options()
        options.retries = retries ?? options.retries
        return try StornoClient(address: address, key: key, options: options)
    }
}

/// What went wrong with a server, as an exit code (`docs/reference/settings.md`).
enum ClientExit {
    static let notFound = ExitCode(3)
    static let conflict = ExitCode(4)
    static let unreachable = ExitCode(5)
    static let notAllowed = ExitCode(6)
    static let interrupted = ExitCode(130)

    static func code(_ error: StornoError) -> ExitCode {
        switch error {
        case .unreachable, .timedOut, .unreadable: unreachable
        case .invalidAddress: ExitCode(64)
        case .canceled: interrupted
        case .refused(let problem):
            switch problem.status {
            case 401, 403: notAllowed
            case 404: notFound
            case 409, 412, 422: conflict
            case 429, 503: unreachable
            default: ExitCode(1)
            }
        }
    }

    /// One or two sentences, and what a program or a server's log knows it by.
    static func sentence(_ error: StornoError) -> String {
        let names = [error.code.map { $0.rawValue }, error.requestID].compactMap { $0 }
        // That there is no such object, the detail says too.
        let words = error.code == .notFound ? error.problem?.detail : nil
        let sentence = (words ?? error.description) + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
        return TextWidth.printable(sentence)
    }
}
