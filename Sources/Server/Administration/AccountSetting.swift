import DialectKit
import Domain

/// The settings that an account can have, with what they may say.
package enum AccountSetting {
    package static let known: [(name: String, meaning: String)] = [
        ("cari.strict_pk", "on: Cari keys that begin with pk_ may only read"),
        ("collctiv.failed", "on: failed refunds read `failed` in Collctiv's API, which its document does not name"),
        (
            "approval_above",
            "a refund of more than this needs a person, in minor units, 0 to 1000000000000; unset: none does"
        ),
        ("approval_expires_seconds", "how long a refund waits for that person, 60 to 7776000; unset: 604800 (a week)"),
        (
            "rate_limit",
            "how much each key may send, as requests/seconds such as 100/60, or off; unset: as the server says"
        ),
        ("undo_window_seconds", "how long a refund can be withdrawn before it is sent, 0 to 604800"),
    ]

    private static let ranges: [String: ClosedRange<Int64>] = [
        "approval_above": 0...Amount.largest,
        "approval_expires_seconds": 60...7_776_000,
        "undo_window_seconds": 0...604_800,
    ]

    static func check(_ name: String, _ value: String?) throws {
        guard known.contains(where: { $0.name == name }) else {
            throw AdminRefusal("There is no setting \(name). There are: \(known.map(\.name).joined(separator: ", ")).")
        }
        guard let value else { return }
        if let range = ranges[name] {
            guard let number = Int64(value), range.contains(number) else {
                throw AdminRefusal("\(name) is a number from \(range.lowerBound) to \(range.upperBound), not \(value).")
            }
        } else if name == RateLimit.setting {
            guard value == "off" || RateLimit(value) != nil else {
                throw AdminRefusal("\(name) is off or of the form requests/seconds, such as 100/60, not \(value).")
            }
        } else if value != "on", value != "off" {
            throw AdminRefusal("\(name) is on or off, not \(value).")
        }
    }
}
