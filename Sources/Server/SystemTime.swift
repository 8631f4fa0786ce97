import Domain
import Engine
import Foundation

extension SteadyTime.Machine {
    /// The machine's clocks: the one place where they are read.
    package static var current: SteadyTime.Machine {
        let (start, uptimeAtStart) = (ContinuousClock.now, uptime)
        return SteadyTime.Machine(
            boot: bootName,
            wall: { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
            uptime: { uptimeAtStart + (ContinuousClock.now - start) },
            pause: { try await Task.sleep(for: $0, clock: .continuous) }
        )
    }

    /// Since the machine's start, the time that it slept included, as is `ContinuousClock`'s. Linux alone tells it;
    /// elsewhere no name of the machine's life gives it a meaning.
    private static var uptime: Duration {
        // In hundredths of a second: `12345.67`.
        let digits = text(of: "/proc/uptime")?.split(separator: " ").first?.filter { $0 != "." } ?? ""
        return .milliseconds((Int64(digits) ?? 0) * 10)
    }

    /// Another one after each start of the machine. Where the system names none, no two processes have the same.
    private static var bootName: String {
        let name = text(of: "/proc/sys/kernel/random/boot_id")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return name.isEmpty ? UUID().uuidString : name
    }

    private static func text(of file: String) -> String? {
        FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
    }
}
