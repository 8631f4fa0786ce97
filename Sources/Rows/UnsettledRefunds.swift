import Domain
import Storage

/// How many refunds there are whose end nobody knows yet.
package enum UnsettledRefunds {
    /// Each by the index that holds its kind of refund: what is settled, which is nearly all, is not looked at.
    private static let conditions = [
        "status = 'queued' AND due_at IS NOT NULL",
        """
        status <> 'queued' AND status <> 'awaiting_approval' AND status <> 'in_doubt' AND status <> 'needs_review'
        AND due_at IS NOT NULL
        """,
    ]

    /// - Parameter watched: what holds for those that people look after, as their index has it.
    package static func count(in rows: any RowWalk, watched: String) throws -> [RefundStatus: Int] {
        var counts: [RefundStatus: Int] = [:]
        for condition in conditions + [watched] {
            let sql = "SELECT status, COUNT(*) FROM refund WHERE \(condition) GROUP BY status"
            try rows.each(sql, [], of: "refund") { columns in
                let status: RefundStatus = try columns.word()
                counts[status, default: 0] += Int(try columns.integer())
                return true
            }
        }
        return counts
    }
}
