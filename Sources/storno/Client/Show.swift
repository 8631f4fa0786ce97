import ArgumentParser
import Domain
import Foundation
import Server

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Colours, at a terminal alone and not where NO_COLOR says so (no-color.org).
enum Paint: String {
    case green = "32"
    case red = "31"
    case yellow = "33"
    case dim = "2"

    static let isOn: Bool = {
        guard isatty(STDOUT_FILENO) == 1, ProcessEnvironment.value("TERM") != "dumb" else { return false }
        return (ProcessEnvironment.value("NO_COLOR") ?? "").isEmpty
    }()

    func callAsFunction(_ text: String) -> String {
        Paint.isOn && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Of the word for where something is: done, gone wrong, or somebody has to look.
    static func of(status: String) -> Paint? {
        switch status {
        case "succeeded", "captured", "delivered", "won", "enabled": .green
        case "failed", "reversed", "refused", "lost", "given_up", "expired": .red
        case "awaiting_approval", "in_doubt", "needs_review", "requires_action": .yellow
        case "canceled", "disabled": .dim
        default: nil
        }
    }

    /// Of an HTTP status.
    static func of(http status: Int64) -> Paint {
        switch status {
        case 200...299: .green
        case 400...499: .yellow
        case 500...: .red
        default: .dim
        }
    }
}

/// Amounts of any currency, also of one that this program does not know.
enum MoneyWords {
    static func text(_ minorUnits: Int64, _ currency: String) -> String {
        guard let known = Currency(code: currency) else { return "\(minorUnits) minor units of \(currency)" }
        return MoneyText.text(minorUnits, known)
    }
}

/// Times for people: in UTC, to the second, which the Z says.
enum TimeWords {
    static func text(_ time: Date?) -> String {
        time?.formatted(.iso8601) ?? ""
    }
}

/// One line after the other on standard output, each at once; the program ends where nobody reads any more.
enum Lines {
    static func put(_ line: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
        } catch {
            throw ExitCode.success
        }
    }
}

/// What one thing says about itself, name by name.
enum Details {
    static func show(_ pairs: [(name: String, text: String?)]) {
        let shown = pairs.compactMap { pair in pair.text.flatMap { $0.isEmpty ? nil : (pair.name, $0) } }
        let width = shown.map { TextWidth.of($0.0) }.max() ?? 0
        for (name, text) in shown {
            let safe = TextWidth.printable(text)
            let painted = name == "status" ? Paint.of(status: text)?(safe) ?? safe : safe
            print(TextWidth.padded(name, width + 2) + painted)
        }
    }
}
