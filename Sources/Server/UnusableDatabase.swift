import Rows

/// A database that could be opened, but not worked with.
struct UnusableDatabase: DatabaseOpenFailure {
    let place: String
    let reason: String
    let advice: String

    var description: String { "Cannot use \(place): \(reason). \(advice)" }
}
