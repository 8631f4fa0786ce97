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
        "status = 'awaiting_approval' OR status = 'in_doubt' OR status = 'needs_review'",
    ]

    package static func count(in rows: any RowWalk) throws -> [RefundStatus: Int] {
        var counts: [RefundStatus: Int] = [:]
        for condition in conditions {
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
