import DialectKit
import Domain

/// An object that a world begins with, made by a request, and the text that stands for it afterwards.
struct Founded: Sendable {
    let speaker: Speaker
    let kind: ObjectKind
    let name: String
    let request: RequestText

    private init(_ dialect: String, _ kind: ObjectKind, _ name: String, _ line: String, _ body: String = "") {
        speaker = Speaker(dialect)
        self.kind = kind
        self.name = name
        request = speaker.saying(RequestText("\(line)\n\n\(body)"))
    }

    /// Of the object that an answer is about, or of the first in a list.
    func id(_ answer: Answer) -> UInt128? {
        guard answer.isSuccess, let json = try? JSONReader.read(answer.body) else { return nil }
        guard let found = Founded.id(in: json) else { return nil }
        return speaker.dialect.id(kind, found)
    }

    private static func id(in json: JSONValue) -> String? {
        switch json {
        case .object(let members):
            if case .string(let id)? = json["id"] { return id }
            return members.lazy.compactMap { id(in: $0.value) }.first
        case .array(let values): return values.lazy.compactMap { id(in: $0) }.first
        case .null, .bool, .number, .string: return nil
        }
    }

    static let all = [
        Founded("cari", .payment, "ch_pending", "POST /charges", #"{"amount":700,"currency":"eur","provider":"bank"}"#),
        Founded("cari", .refund, "re_queued", "POST /refunds", #"{"charge":"charge_id_1","amount":100}"#),
        Founded("stancer", .customer, "cust_1", "POST /v1/customers", #"{"name":"Ada","email":"ada@example.com"}"#),
        Founded("stancer", .card, "card_1", "POST /v1/cards", card("4242424242424242")),
        Founded("stancer", .payment, "paym_none", "POST /v1/checkout", payment(#""customer":"cust_1""#)),
        Founded("stancer", .payment, "paym_held", "POST /v1/checkout", payment(#""card":"card_1","capture":false"#)),
        Founded("stancer", .payment, "paym_sent", "POST /v1/checkout", payment(#""card":"card_1","unique_id":"u""#)),
        Founded("stancer", .payment, "paym_won", "POST /v1/checkout", payment(#""card":\#(disputed)"#)),
        Founded("stancer", .dispute, "dspt_1", "GET /v1/disputes"),
        Founded("storno", .customer, "cus_1", "POST /v1/customers", #"{"name":"Ada"}"#),
        Founded("storno", .pot, "pot_1", "POST /v1/pots", #"{"name":"Trip","currency":"EUR","owner":"cus_1"}"#),
        Founded("storno", .payment, "pay_1", "POST /v1/payments", #"{"amount":900000,"pot":"pot_1"}"#),
        Founded("storno", .payment, "pay_held", "POST /v1/payments", ours(#""capture":false"#)),
        Founded("storno", .payment, "pay_own", "POST /v1/payments", ours(#""reference":"r","customer":"cus_1""#)),
        Founded("storno", .refund, "ref_1", "POST /v1/refunds", #"{"payment":"pay_1","amount":100,"reason":"a"}"#),
        Founded("storno", .refund, "ref_gone", "POST /v1/refunds", #"{"payment":"pay_1","amount":200}"#),
    ]

    private static let disputed = card("4000000000000259")

    private static func card(_ number: String) -> String {
        #"{"number":"\#(number)","exp_month":12,"exp_year":2031,"cvc":"123"}"#
    }

    private static func ours(_ members: String) -> String { #"{"amount":700,"currency":"EUR",\#(members)}"# }

    private static func payment(_ members: String) -> String { #"{"amount":700,"currency":"eur",\#(members)}"# }
}
