/// The settings that an account can have, with what they may say.
package enum AccountSetting {
    package static let known: [(name: String, meaning: String)] = [
        ("cari.strict_pk", "on: Cari keys that begin with pk_ may only read"),
        ("collctiv.failed", "on: failed refunds read `failed` in Collctiv's API, which its document does not name"),
        ("undo_window_seconds", "how long a refund can be withdrawn before it is sent, 0 to 604800"),
    ]

    static func check(_ name: String, _ value: String?) throws {
        guard known.contains(where: { $0.name == name }) else {
            throw AdminRefusal("There is no setting \(name). There are: \(known.map(\.name).joined(separator: ", ")).")
        }
        guard let value else { return }
        if name == "undo_window_seconds" {
            guard let seconds = Int64(value), (0...604_800).contains(seconds) else {
                throw AdminRefusal("undo_window_seconds is a number from 0 to 604800 (a week), not \(value).")
            }
        } else if value != "on", value != "off" {
            throw AdminRefusal("\(name) is on or off, not \(value).")
        }
    }
}
