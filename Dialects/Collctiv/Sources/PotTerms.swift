import DialectKit
import Domain

/// What this API alone knows of a pot: kept as JSON beside the pot, written and read here.
struct PotTerms: Equatable {
    var enablesNotes = false
    var displaysNotes = false
    /// Minor units of the pot's currency.
    var requestedAmount: Int64?

    init() {}

    init(_ fields: Fields) throws(Refusal) {
        if let settings = try fields.object("settings") {
            enablesNotes = try settings.flag("contribution_notes_enabled") ?? false
            displaysNotes = try settings.flag("display_notes") ?? false
        }
        requestedAmount = try fields.object("requested_amount")?.requiredAmount("amount").minorUnits
    }

    /// From what was kept; `nil` for a pot that has nothing of its own.
    init(_ text: String?) {
        guard let text, let kept = try? JSONReader.read(Array(text.utf8)) else { return }
        enablesNotes = kept["settings"]?["contribution_notes_enabled"] == true
        displaysNotes = kept["settings"]?["display_notes"] == true
        if case .number(let token) = kept["requested_amount"]?["amount"] { requestedAmount = Int64(exactToken: token) }
    }

    var text: String {
        let kept = JSONValue.members(("settings", settings), ("requested_amount", requested))
        return String(decoding: JSONWriter.bytes(kept), as: UTF8.self)
    }

    var settings: JSONValue {
        .members(("contribution_notes_enabled", .bool(enablesNotes)), ("display_notes", .bool(displaysNotes)))
    }

    /// `null` where nothing is requested.
    var requested: JSONValue {
        requestedAmount.map { .members(("amount", .integer($0))) } ?? .null
    }
}
