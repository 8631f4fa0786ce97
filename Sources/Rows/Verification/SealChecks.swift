import Domain
import Storage

extension Check {
    /// Everything sealed opens with the key, at its place. A changed bit of a kept answer or of a person shows here.
    /// Without the key nothing is found.
    static let seals = Check("seals") { rows, sealer, limit in
        guard sealer.secrets != nil else { return [] }
        return try broken(PersonRow.self, "hex(id)", rows, limit) { _ = try $0.person(sealer) }
            + broken(NoteRow.self, "hex(object)", rows, limit) { _ = try $0.note(sealer) }
            + broken(AnswerRow.self, "key", rows, limit) { _ = try $0.answer(sealer) }
            + broken(WebhookEndpointRow.self, "hex(id)", rows, limit) { _ = try $0.endpoint(sealer) }
            + broken(DeliveryAttemptRow.self, "hex(delivery)", rows, limit) { _ = try $0.attempt(sealer) }
    }

    /// - Parameter subject: the SQL expression that tells one row from another.
    private static func broken<Sealed: StoredRow>(
        _ type: Sealed.Type,
        _ subject: String,
        _ rows: any RowWalk,
        _ limit: Int,
        _ open: (Sealed) throws -> Void
    ) throws -> [Finding] {
        let sql = "SELECT \(subject), \(Sealed.columnList()) FROM \(Sealed.table)"
        var findings: [Finding] = []
        try rows.each(sql, [], of: Sealed.table) { columns in
            let name = (try? columns.text()) ?? "that does not decode"
            var copy = columns
            let book = (try? copy.integer()) ?? 0
            do {
                try open(try Sealed(from: &columns))
            } catch is DamagedRow {
                findings.append(Finding(check: "seals", book: book, subject: "\(Sealed.table) \(name)"))
            }
            return findings.count < limit
        }
        return findings
    }
}
