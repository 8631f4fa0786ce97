import Domain

/// `Retry-After`, in seconds or as a date.
enum RetryAfter {
    /// - Returns: how long from now; `nil` for what is neither, and for a time that is over.
    static func read(_ text: String, now: Moment) -> Duration? {
        if (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { .seconds($0) }
        }
        guard let moment = date(text), moment > now else { return nil }
        return moment.since(now)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is still sent.
    private static func date(_ text: String) -> Moment? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let padded = month < 9 ? "0\(month + 1)" : String(month + 1)
        return Instant.moment("\(words[3])-\(padded)-\(words[1])T\(words[4])Z")
    }
}
