import ConnectorKit
import DialectKit
import Domain
import Engine
import Storage

/// Numbers and codes pass through here and are kept nowhere.
extension Requests {
    static func cardDraft(_ fields: Fields, _ context: RequestContext) throws(Refusal) -> CardDraft {
        let number = try cardNumber(fields)
        try checkCode(fields)
        _ = try fields.flag("tokenize")
        guard let month = try expiryMonth(fields) else { throw fields.invalid("exp_month", "is required") }
        guard let year = try expiryYear(fields) else { throw fields.invalid("exp_year", "is required") }
        let simulation = context.engine.connectors.taking(context.mode)
        return CardDraft(
            number: number,
            expiryMonth: month,
            expiryYear: year,
            country: context.mode == .test ? TestCard.country(of: number) : nil,
            funding: context.mode == .test ? TestCard.funding : nil,
            network: try network(fields),
            holder: try holder(fields),
            externalReference: try externalReference(fields),
            scenario: simulation?.scenario(of: number),
            secrets: context.engine.secrets
        )
    }

    static func cardChange(_ context: RequestContext) throws(Refusal) -> UpdateCard {
        let fields = try context.fields()
        guard fields["number"] == nil else {
            throw fields.invalid("number", "cannot be changed: create another card instead")
        }
        try checkCode(fields)
        _ = try fields.flag("tokenize")
        return UpdateCard(
            origin: context.origin,
            card: context.object(.card),
            holder: try holder(fields),
            expiryMonth: try expiryMonth(fields),
            expiryYear: try expiryYear(fields),
            network: try network(fields),
            externalReference: try externalReference(fields)
        )
    }

    /// Some clients send digits as a number.
    private static func cardNumber(_ fields: Fields) throws(Refusal) -> CardNumber {
        let digits: String
        switch fields["number"] {
        case .string(let text)?, .number(let text)?: digits = text
        case nil: throw fields.invalid("number", "is required")
        case let value?: throw fields.invalid("number", "must be a string of digits, not \(value.kind)")
        }
        guard (16...19).contains(digits.utf8.count), let number = CardNumber(digits) else {
            throw fields.invalid("number", "must be a card number of 16 to 19 digits with a valid check digit")
        }
        return number
    }

    /// Three digits; as a number, one to three, since it cannot keep leading zeros.
    private static func checkCode(_ fields: Fields) throws(Refusal) {
        let isCode: Bool
        switch fields["cvc"] {
        case nil: return
        case .string(let text)?: isCode = text.utf8.count == 3 && text.utf8.allSatisfy(isDigit)
        case .number(let text)?: isCode = (1...3).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
        case .null?, .bool?, .array?, .object?: isCode = false
        }
        guard isCode else { throw fields.invalid("cvc", "must be three digits") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func expiryMonth(_ fields: Fields) throws(Refusal) -> Int64? {
        try fields.integer("exp_month", 1...12)
    }

    private static func expiryYear(_ fields: Fields) throws(Refusal) -> Int64? {
        try fields.integer("exp_year", 2000...9999)
    }

    private static func holder(_ fields: Fields) throws(Refusal) -> PersonDetails {
        PersonDetails(name: try fields.text("name", 3...64), postalCode: try fields.text("zip_code", 2...8))
    }

    private static func network(_ fields: Fields) throws(Refusal) -> String? {
        guard let network = try fields.text("preferred_network") else { return nil }
        guard CardNetwork(rawValue: network) != nil else {
            throw fields.invalid("preferred_network", "must be one of \(CardNetwork.list)")
        }
        return network
    }
}

enum CardNetwork: String, CaseIterable {
    case visa
    case mastercard
    case national

    static let list = allCases.map(\.rawValue).joined(separator: ", ")

    /// What a card is charged through where nobody asked for another way.
    init(brand: String) {
        switch brand {
        case "visa": self = .visa
        case "mastercard", "maestro": self = .mastercard
        default: self = .national
        }
    }
}
