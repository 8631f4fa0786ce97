import Domain
import HTTPTypes

/// The members of a JSON object in a request, taken by name and type. Unknown ones are ignored; `null` counts
/// as absent, but for amounts.
package struct Fields: Sendable {
    private let members: [String: JSONValue]
    private let path: String

    /// - Parameter path: where the object stands in the body, such as `card`; empty at the top.
    package init(_ value: JSONValue, path: String = "") throws(Refusal) {
        guard case .object(let members) = value else {
            throw .invalid(field: path, reason: "must be a JSON object, not \(value.kind)")
        }
        // Names that differ in bytes alone, such as a composed and a decomposed é, are equal as Swift's texts. No
        // member that is asked for has a twin, so whichever stays is ignored.
        self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        self.path = path
    }

    /// The member as it stands, unless it is absent or `null`.
    package subscript(name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// Refuses a member that nobody reads: a name that is misspelled would otherwise be taken for one that is absent.
    package func takeOnly(_ names: Set<String>) throws(Refusal) {
        guard let unknown = members.keys.sorted().first(where: { !names.contains($0) }) else { return }
        throw invalid(String(unknown.prefix(60)), "is unknown here")
    }

    package func has(_ name: String) -> Bool { members[name] != nil }

    /// Whether the member is there and says `null`.
    package func isNull(_ name: String) -> Bool { members[name] == .null }

    package func invalid(_ name: String, _ reason: String) -> Refusal {
        .invalid(field: path.isEmpty ? name : "\(path).\(name)", reason: reason)
    }

    /// - Parameters:
    ///   - length: in Unicode scalars: what reads as one character may be made of any number of them.
    ///   - isKept: false for what is only looked at, and may hold a card number.
    package func text(
        _ name: String,
        _ length: ClosedRange<Int> = 0...500,
        isKept: Bool = true
    ) throws(Refusal) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw invalid(name, "must be a string, not \(value.kind)") }
        guard length.contains(text.unicodeScalars.count) else {
            throw invalid(name, "must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        guard !text.unicodeScalars.contains("\0") else { throw invalid(name, "must not hold a NUL character") }
        guard !isKept || !CardNumber.stands(in: text) else { throw invalid(name, Self.cardNumber) }
        return text
    }

    package func requiredText(_ name: String, _ length: ClosedRange<Int> = 1...500) throws(Refusal) -> String {
        guard let text = try text(name, length) else { throw invalid(name, "is required") }
        return text
    }

    /// `^[a-z][a-z0-9_]{0,63}$`: a word that a merchant has chosen.
    package func identifier(_ name: String) throws(Refusal) -> String? {
        guard let code = try text(name, 1...64) else { return nil }
        let isIdentifier = code.utf8.enumerated()
            .allSatisfy { index, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): index > 0
                default: false
                }
            }
        guard isIdentifier else {
            throw invalid(name, "must be lower-case letters, digits and _, beginning with a letter")
        }
        return code
    }

    package func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw invalid(name, "must be true or false, not \(value.kind)") }
        return flag
    }

    package func integer(_ name: String, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .number(let token) = value, let number = Int64(exactToken: token) else {
            throw invalid(name, "must be an integer, not \(value.kind)")
        }
        guard range.contains(number) else {
            throw invalid(name, "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// Minor units as `[1-9][0-9]*`, at most 10^12. Absent is `nil`; `null` is not accepted.
    package func amount(_ name: String) throws(Refusal) -> Amount? {
        guard let value = members[name] else { return nil }
        guard case .number(let token) = value else {
            throw invalid(name, "must be an integer in minor units, not \(value.kind)")
        }
        guard let number = Int64(exactToken: token) else {
            throw invalid(name, "must be a whole number of minor units, without sign, point or exponent")
        }
        guard let amount = Amount(minorUnits: number) else {
            throw invalid(name, "must be between 1 and \(Amount.largest)")
        }
        return amount
    }

    package func requiredAmount(_ name: String) throws(Refusal) -> Amount {
        guard let amount = try amount(name) else { throw invalid(name, "is required") }
        return amount
    }

    package func currency(_ name: String) throws(Refusal) -> Currency? {
        guard let code = try text(name, 0...500) else { return nil }
        guard let currency = Currency(code: code) else {
            throw invalid(name, "must be an ISO 4217 currency code such as EUR")
        }
        return currency
    }

    package func object(_ name: String) throws(Refusal) -> Fields? {
        guard let value = self[name] else { return nil }
        return try Fields(value, path: path.isEmpty ? name : "\(path).\(name)")
    }

    private static let cardNumber = "must not hold a card number"

    /// At most 50 names of at most 40 characters, with texts of at most 500.
    package func metadata(_ name: String = "metadata") throws(Refusal) -> Metadata {
        guard let value = self[name] else { return [:] }
        guard case .object(let members) = value else { throw invalid(name, "must be an object, not \(value.kind)") }
        guard members.count <= 50 else { throw invalid(name, "must have at most 50 members") }
        var metadata: Metadata = [:]
        for member in members {
            guard (1...40).contains(member.name.unicodeScalars.count) else {
                throw invalid("\(name).\(member.name.prefix(60))", "must have a name of 1 to 40 characters")
            }
            guard case .string(let text) = member.value, text.unicodeScalars.count <= 500 else {
                throw invalid("\(name).\(member.name)", "must be a string of at most 500 characters")
            }
            guard !CardNumber.stands(in: text), !CardNumber.stands(in: member.name) else {
                throw invalid(name, Self.cardNumber)
            }
            guard !text.unicodeScalars.contains("\0"), !member.name.unicodeScalars.contains("\0") else {
                throw invalid(name, "must not hold a NUL character")
            }
            metadata[member.name] = text
        }
        guard metadata.count == members.count else { throw invalid(name, "must not name a member twice") }
        return metadata
    }
}

extension Int64 {
    /// From a JSON number token that is an integer: no point, no exponent, no `-0`.
    package init?(exactToken token: String) {
        guard token != "-0", let value = Int64(token), String(value) == token else { return nil }
        self = value
    }
}
