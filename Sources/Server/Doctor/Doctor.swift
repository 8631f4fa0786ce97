import Domain
import Engine
import Foundation
import Rows
import Storage

/// `storno doctor`: what is wrong with an installation and how to mend it. Changes nothing, and works beside a running
/// server.
package struct Doctor: Sendable {
    let settings: Settings
    /// The JSON file of settings, where there is one.
    let file: String?
    let environment: [String: String]
    /// What the machine's clock shows.
    let now: Moment

    package init(settings: Settings, file: String?, environment: [String: String]) {
        self.settings = settings
        self.file = file
        self.environment = environment
        now = SteadyTime(on: .current, notBefore: Moment(milliseconds: 0), mark: nil).wall
    }

    /// - Parameter isThorough: whether the books are proven whole, as `storno verify` does.
    package func examine(isThorough: Bool) async -> [Diagnosis] {
        var found = unknownSettings() + descriptors()
        found += secretKey()
        switch settings.database {
        case .sqlite(let path): found += await sqlite(path, isThorough)
        case .postgres(let target): found += await postgres(target, isThorough)
        }
        return found + certificate() + [port(isServing: isServing(found))]
    }

    private func isServing(_ found: [Diagnosis]) -> Bool {
        found.contains { $0.check == "server" && $0.says.hasPrefix(Doctor.running) }
    }

    static let running = "a server is running"

    /// Proves the books, or a part that is quick.
    func books(_ store: any Books, _ isThorough: Bool) async -> [Diagnosis] {
        do throws(StoreFailure) {
            if isThorough {
                let findings = try await store.verify(limit: 10)
                guard let first = findings.first else { return [.ok("books", "`storno verify` has no findings")] }
                return [
                    .problem(
                        "books",
                        "`storno verify` has findings, the first: \(first.check) \(first.subject)",
                        "Stop the server and look at all of them with `storno verify`; docs/OPERATING.md says what then"
                    )
                ]
            }
            guard let first = try await store.imbalances(of: nil).first else {
                return [.ok("books", "the journal holds what the payments say; --thorough proves everything")]
            }
            return [
                .problem(
                    "books",
                    "the journal's \(first.account) holds \(first.held) and the payments say \(first.owed)",
                    "Look at `storno verify` and `storno ledger`, and restore a backup that has no findings"
                )
            ]
        } catch {
            return [.problem("books", "they cannot be read: \(error.words)", "Restore a backup: `storno restore FILE`")]
        }
    }

    /// Time goes on from where it had come to, whatever the clock says.
    func clock(_ latest: Moment?) -> Diagnosis {
        guard let latest else { return .ok("clock", "nothing was written yet that it could lie before") }
        let ahead = latest.since(now)
        guard ahead > .seconds(60) else { return .ok("clock", "it is not behind the newest row") }
        return .warning(
            "clock",
            "the machine's clock is \(ahead.components.seconds) s behind the newest row, \(Instant.text(latest))",
            "Set it right (timedatectl); Storno's time drifts towards it by a tenth of its pace"
        )
    }
}
