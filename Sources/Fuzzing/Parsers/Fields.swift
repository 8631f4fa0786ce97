import DialectKit
import Domain

extension FuzzTarget {
    /// The members of a request's body: what is taken is in its domain, what is refused names the member.
    static let fields = FuzzTarget("fields") { bytes in
        guard case .object(let members)? = try? JSONReader.read(bytes) else { return }
        let fields = try Fields(.object(members))
        // Of names that Unicode calls equal, one counts.
        for member in members where members.count(where: { $0.name == member.name }) == 1 {
            try check(fields, member)
        }
    }

    private static func check(_ fields: Fields, _ member: JSONMember) throws {
        let name = member.name
        if let text = try taken(name, { () throws(Refusal) in try fields.text(name, 1...36) }) {
            try hold((1...36).contains(text.unicodeScalars.count), "a text of another length")
            try hold(!text.utf8.contains(0), "a text with a NUL")
        }
        if let amount = try taken(name, { () throws(Refusal) in try fields.amount(name) }) {
            try hold((1...Amount.largest).contains(amount.minorUnits), "\(amount.minorUnits) is no amount")
            try hold(member.value == .number(String(amount.minorUnits)), "\(member.value) is taken for an amount")
        }
        if let number = try taken(name, { () throws(Refusal) in try fields.integer(name, -5...9999) }) {
            try hold((-5...9999).contains(number), "\(number) is out of range")
            try hold(member.value == .number(String(number)), "\(member.value) is taken for \(number)")
        }
        if let currency = try taken(name, { () throws(Refusal) in try fields.currency(name) }) {
            let code = currency.code
            try hold(
                code.utf8.count == 3 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) },
                "the currency \(code)"
            )
        }
        _ = try taken(name) { () throws(Refusal) in try fields.flag(name) }
        _ = try taken(name) { () throws(Refusal) in try fields.object(name) }
        if let metadata = try taken(name, { () throws(Refusal) in try fields.metadata(name) }) {
            try hold(metadata.count <= 50, "\(metadata.count) names of metadata")
            for (key, text) in metadata {
                try hold((1...40).contains(key.unicodeScalars.count), "metadata has a name of another length")
                try hold(text.unicodeScalars.count <= 500, "metadata has a text that is too long")
            }
        }
    }
}
