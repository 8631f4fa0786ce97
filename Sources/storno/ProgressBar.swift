import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How far long work has come, in one line that is written over; at a terminal only.
struct ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1
    private static let width = 30

    func show(_ done: Int, of total: Int, _ label: String) {
        guard isShown, total > 0 else { return }
        let filled = min(Self.width, done * Self.width / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        write("\r\u{1B}[K[\(bar)] \(min(100, done * 100 / total)) % \(label)")
    }

    /// Where nobody knows how much there is to come.
    func count(_ done: Int) {
        if isShown { write("\r\u{1B}[K\(done) rows") }
    }

    func end() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
