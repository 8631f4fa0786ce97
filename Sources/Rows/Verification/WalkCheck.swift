import Domain

/// The events of each refund and dispute, one after the other: each change of status is one event, named after it,
/// and each is a move that is allowed.
enum WalkCheck {
    static func findings(_ rows: any RowWalk, _ limit: Int) throws -> [Finding] {
        let sql = """
            SELECT book, object, sequence, kind, type,
                coalesce(json_extract(part, '$.status'), json_extract(part, '$.state'), '')
            FROM event ORDER BY book, object, sequence
            """
        var findings: [Finding] = []
        var last = Step()
        try rows.each(sql, [], of: "event") { columns in
            let step = try Step(&columns)
            defer { last = step }
            if let walk = walks[step.kind], !walk.allows(step, after: last.object == step.object ? last : nil) {
                let digits = String(step.object, radix: 16, uppercase: true)
                let subject = String(repeating: "0", count: 32 - digits.count) + digits
                findings.append(Finding(check: "walks", book: step.book, subject: subject))
            }
            return findings.count < limit
        }
        return findings
    }

    private struct Step {
        var book: Int64 = 0
        var object: UInt128 = 0
        var sequence: Int64 = 0
        var kind = ""
        var type = ""
        var word = ""

        init() {}

        init(_ columns: inout Columns) throws {
            book = try columns.integer()
            object = try columns.raw()
            sequence = try columns.integer()
            kind = try columns.text()
            type = try columns.text()
            word = try columns.text()
        }
    }

    private struct Walk {
        /// What the first event is called, and where it may begin then.
        let begins: [String: Set<String>]
        let moves: Set<[String]>
        let prefix: String
        /// What an event is called that leaves the word as it is.
        var update: String?

        func allows(_ step: Step, after last: Step?) -> Bool {
            guard let last else { return step.sequence == 1 && begins[step.type]?.contains(step.word) == true }
            guard step.sequence == last.sequence + 1 else { return false }
            if step.type == update { return step.word == last.word }
            return step.type.hasPrefix(prefix) && step.type.dropFirst(prefix.count) == step.word
                && moves.contains([last.word, step.word])
        }
    }

    private static let walks = [
        "refund": Walk(
            begins: [
                "refund.created": [
                    RefundStatus.queued.rawValue, RefundStatus.awaitingApproval.rawValue,
                    RefundStatus.succeeded.rawValue,
                ],
                "refund.imported": [RefundStatus.succeeded.rawValue, RefundStatus.failed.rawValue],
            ],
            moves: Set(RefundLifecycle.moves.filter { $0.from != $0.to }.map { [$0.from.rawValue, $0.to.rawValue] }),
            prefix: "refund."
        ),
        "dispute": Walk(
            begins: ["dispute.opened": [DisputeState.open.rawValue]],
            moves: Set(
                DisputeState.allCases.flatMap { from in
                    [DisputeState.won, .lost].filter { $0 != from }.map { [from.rawValue, $0.rawValue] }
                }
            ),
            prefix: "dispute.",
            update: "dispute.updated"
        ),
    ]
}

extension Check {
    static let walks = Check("walks") { rows, _, limit in try WalkCheck.findings(rows, limit) }
}
