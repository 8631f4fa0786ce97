/// What a person who starts a server should read of it.
package enum Announcement: Sendable {
    /// Requests are answered at this address.
    case listening(String)
    /// Figures are told at this address.
    case metrics(String)
    /// The medium failed, and the process ends.
    case mediumFailed(place: String, reason: String)

    package var text: String {
        switch self {
        case .listening(let address): "listening on \(address)"
        case .metrics(let address): "metrics on \(address)"
        case .mediumFailed(let place, let reason):
            "The medium of \(place) failed (\(reason)). Nothing more is written; what was answered is kept."
                + " Look at the disk, then start again."
        }
    }
}
