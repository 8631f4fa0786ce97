import ArgumentParser
import Foundation
import StornoClient

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct ProfilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Keep servers and keys under names.",
        discussion: """
            They are kept in $XDG_CONFIG_HOME/storno/profiles.json (or below ~/.config), which only you can read. A \
            command that asks a server takes --profile; else STORNO_API_KEY with STORNO_ADDRESS; else STORNO_PROFILE; \
            else the current profile.

            Examples:
              storno profiles add shop --address https://refunds.example
              storno profiles use shop
              storno profiles list
            """,
        subcommands: [Add.self, List.self, Use.self, Remove.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a profile, or change one.",
            discussion: """
                The key is asked for at a terminal, and not shown; otherwise it is STORNO_API_KEY, or the first line of \
                standard input. It is never an argument, which others on this machine could read.

                Example:
                  storno keys create --dialect storno --mode test | storno profiles add local
                """
        )

        @Argument(help: "1 to 40 characters of a-z, A-Z, 0-9, -, _ and .")
        var name: String

        @Option(help: ArgumentHelp("The server's address.", valueName: "url"))
        var address = ClientOptions.defaultAddress

        @Flag(help: "Make it the current one. The first one is.")
        var use = false

        func validate() throws {
            let isPlain = name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || "-_.".utf8.contains($0)
            }
            guard isPlain, (1...40).contains(name.utf8.count) else {
                throw ValidationError("\(name) is no name: it has 1 to 40 characters of a-z, A-Z, 0-9, -, _ and .")
            }
        }

        func run() async throws {
            try await explained {
                let key = try KeyPrompt.read()
                // An address that is none is told now.
                _ = try StornoClient(address: address, key: key)
                var profiles = try Profiles.load()
                profiles.profiles[name] = Profile(address: address, key: key)
                if use || profiles.current == nil { profiles.current = name }
                try profiles.save()
                let isCurrent = profiles.current == name
                Talk.say(
                    "\(name) is \(address) with \(Profile.masked(key))\(isCurrent ? ", and the current profile" : "")."
                )
                if !key.hasPrefix("storno_") {
                    Talk.say("The key is none of Storno's own API: those begin with storno_.")
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the profiles, with their keys masked.")

        @Flag(help: "Print JSON: an array.")
        var json = false

        func run() async throws {
            try await explained {
                let profiles = try Profiles.load()
                let rows = profiles.profiles.sorted { $0.key < $1.key }
                    .map { name, profile in
                        [name, profile.address, profile.maskedKey, name == profiles.current ? "yes" : ""]
                    }
                if rows.isEmpty, !json { return Talk.say("There is none: storno profiles add NAME --address URL") }
                try TableOutput.show(["name", "address", "key", "current"], rows, asJSON: json)
            }
        }
    }

    struct Use: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a profile the current one.")

        @Argument(help: "Its name.", completion: Profiles.completion)
        var name: String

        func run() async throws {
            try await explained {
                var profiles = try Profiles.load()
                _ = try profiles.named(name)
                profiles.current = name
                try profiles.save()
                Talk.say("\(name) is the current profile.")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a profile.",
            discussion: "The key stays a key: `storno keys revoke` ends it."
        )

        @Argument(help: "Its name.", completion: Profiles.completion)
        var name: String

        func run() async throws {
            try await explained {
                var profiles = try Profiles.load()
                _ = try profiles.named(name)
                profiles.profiles[name] = nil
                if profiles.current == name { profiles.current = nil }
                try profiles.save()
                Talk.say("\(name) is forgotten.")
            }
        }
    }
}

/// Asks for a key without showing it.
private enum KeyPrompt {
    static func read() throws -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        let text: String?
        if let key = ProcessEnvironment.value("STORNO_API_KEY"), !key.isEmpty {
            text = key
        } else if isTerminal {
            text = try withoutEcho {
                FileHandle.standardError.write(Data("Key (it is not shown): ".utf8))
                return readLine(strippingNewline: true)
            }
            Talk.say("")
        } else {
            text = readLine(strippingNewline: true)
        }
        let key = (text ?? "").trimmingCharacters(in: .whitespaces)
        // Ctrl-C, which is a letter like others meanwhile.
        if key.contains("\u{3}") { throw ClientExit.interrupted }
        guard !key.isEmpty, key.utf8.count <= 200, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ProfileFailure(
                sentence: "There is no key: it is asked for at a terminal, or read from standard input."
            )
        }
        return key
    }

    private static func withoutEcho<Value>(_ body: () throws -> Value) throws -> Value {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return try body() }
        var hidden = shown
        // Nor may a signal end the program in between, and leave the terminal mute.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        return try body()
    }
}
