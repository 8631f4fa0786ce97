import DialectKit

/// What is read of one member of a request; nothing where it is refused.
///
/// - Throws: ``Disproof`` for a refusal that is not about the member.
func taken<Value>(_ name: String, _ read: () throws(Refusal) -> Value?) throws(Disproof) -> Value? {
    do {
        return try read()
    } catch .invalid(let field, let reason) {
        try hold(field == name || field.hasPrefix("\(name)."), "the refusal of \(name) names \(field)")
        try hold(!reason.isEmpty, "the refusal of \(name) has no reason")
        return nil
    } catch {
        throw Disproof(description: "\(name) is refused with \(error)")
    }
}
