import Rows

/// Whether the write-ahead log is whole. A server may be writing to it meanwhile, so that only what is found again and
/// again is a finding.
enum LogCheck {
    private static let looks = 3

    static func findings(_ path: String) throws -> [Finding] {
        var found: Int?
        for look in 0..<looks {
            let damage = try WriteAheadLog(beside: path)?.damage(of: path)
            guard let damage, look == 0 || damage == found else { return [] }
            found = damage
        }
        return found.map { [Finding(check: "log", book: 0, subject: "damaged at byte \($0)")] } ?? []
    }
}

extension SQLiteStore {
    static func log(of path: String) -> Check {
        Check("log") { _, _, _ in try LogCheck.findings(path) }
    }
}
