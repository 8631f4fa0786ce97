import Configuration
import Engine
import Foundation

/// How much a server takes on before it says that it is busy.
package struct LimitSettings: Sendable {
    /// Connections that are open at once; one more is not taken until one of them ends. `nil` for as many as the system
    /// allows.
    package var connections: Int?
    /// Commands that wait for the disk, and reads that wait for a reader, each.
    package var waiting = Execution.Limits().waiting
    /// How long each of them may wait.
    package var wait = Duration.seconds(5)
    /// For the bodies of all requests that have no answer yet.
    package var bodyMegabytes = 64

    package init() {}

    /// - Throws: ``SettingsFailure``.
    init(_ reader: ConfigReader) throws {
        connections = try Settings.number("limits.connections", 16...16_384, reader)
        waiting = try Settings.number("limits.waiting", 16...1_000_000, reader) ?? waiting
        bodyMegabytes = try Settings.number("limits.bodyMegabytes", 1...65_536, reader) ?? bodyMegabytes
        guard let text = reader.string(forKey: "limits.wait") else { return }
        guard let length = DurationText.read(text), length >= .milliseconds(100), length <= .seconds(30) else {
            throw SettingsFailure(name: "limits.wait", reason: "\(text) is no time from 100ms to 30s")
        }
        wait = length
    }

    var execution: Execution.Limits {
        var limits = Execution.Limits()
        limits.waiting = waiting
        limits.wait = wait
        #if Benchmarking
        // What batches are worth is measured against one transaction for each command.
        if let batch = getenv("STORNO_BENCHMARK_BATCH") { limits.batch = Int(String(cString: batch)) ?? limits.batch }
        #endif
        return limits
    }
}
