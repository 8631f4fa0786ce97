import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// Quote, then confirm: what a refund would do, and a token that makes it so as long as the payment has not changed.

extension StornoDialect {
    func quoteRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members(["payment", "amount", "currency"])
        let quote = try await quote(CreateRefund(context), context)
        return .json(.quote(quote, context))
    }

    /// Captures are never changed, so their fees may be read before.
    private func quote(_ refund: CreateRefund, _ context: RequestContext) async throws(Refusal) -> RefundQuote {
        let captures = try await context.ask { engine throws(EngineFailure) in
            try await engine.captures(of: refund.payment)
        }
        return try await context.perform(QuoteRefund(refund, fees: captures.reduce(0) { $0 + $1.fee }))
    }

    /// The payment is not what the quote was about: the refusal, with how it would be now.
    func quoteAnew(
        _ refund: CreateRefund,
        _ context: RequestContext,
        _ failure: EngineFailure
    ) async throws(Refusal) -> WireResponse {
        var anew = refund
        anew.belief = CreateRefund.Belief()
        let quote = try await quote(anew, context)
        return Problem(.engine(failure), context.request).with("quote", .quote(quote, context))
            .response(to: context.request)
    }
}

/// What a quote is confirmed by: the payment, its version, and the amount in minor units, with a seal over them.
struct QuoteToken {
    let payment: Payment.ID
    let version: Int64
    let amount: Int64

    private static let prefix = "quo_"

    init(_ payment: Payment, _ amount: Int64) {
        self.payment = payment.id
        version = payment.version
        self.amount = amount
    }

    /// The body's `quote`, if it has one.
    ///
    /// - Throws: `Refusal.invalid` for one that was not given in this account and mode.
    init?(_ fields: Fields, _ context: RequestContext) throws(Refusal) {
        guard let text = try fields.text("quote", 1...200) else { return nil }
        let parts = text.parts(at: ".")
        guard parts.count == 4, parts[0].hasPrefix(Self.prefix),
            let payment = UInt128(parts[0].dropFirst(Self.prefix.count), radix: 36),
            let version = Int64(exactToken: String(parts[1])), let amount = Int64(exactToken: String(parts[2]))
        else { throw fields.invalid("quote", "must be the token of a quote") }
        self.payment = Payment.ID(payment)
        self.version = version
        self.amount = amount
        guard self.text(context) == text else { throw fields.invalid("quote", "was not given here") }
    }

    func text(_ context: RequestContext) -> String {
        let content = "\(Self.prefix)\(String(payment.raw, radix: 36)).\(version).\(amount)"
        let seal = context.engine.secrets.digest("quote", [String(context.book.number), content])
        let digits = seal.bytes.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(content).\(digits)"
    }
}

extension JSONValue {
    fileprivate static func quote(_ quote: RefundQuote, _ context: RequestContext) -> JSONValue {
        let payment = quote.payment
        return .members(
            ("object", "refund_quote"),
            ("payment", .string(quote.names.text(.payment, payment.id.raw))),
            ("payment_version", .integer(payment.version)),
            ("currency", .string(payment.currency.code)),
            ("amount_refundable", .integer(payment.refundable)),
            ("possible", .bool(quote.refund != nil)),
            ("amount", .optional(quote.refund?.amount)),
            ("kind", .optional(quote.refund?.kind.rawValue)),
            ("status", .optional(quote.refund?.status.rawValue)),
            ("refusal", quote.refusal.map { Problem($0).json(for: context.request) } ?? .null),
            ("warnings", .array(quote.oddities.map { .oddity($0, quote.names) })),
            ("token", .optional(quote.refund.map { QuoteToken(payment, $0.amount).text(context) }))
        )
    }

    private static func oddity(_ oddity: RefundQuote.Oddity, _ names: Names) -> JSONValue {
        switch oddity {
        case .disputed(let amount): .members(("code", "payment_disputed"), ("amount", .integer(amount)))
        case .equal(let refund, let moment):
            .members(
                ("code", "equal_refund"),
                ("refund", .string(names.text(.refund, refund.raw))),
                ("created_at", .time(moment))
            )
        case .undecided(let refund):
            .members(("code", "undecided_refund"), ("refund", .string(names.text(.refund, refund.raw))))
        case .cameBack(let refund):
            .members(("code", "refund_came_back"), ("refund", .string(names.text(.refund, refund.raw))))
        case .feesKept(let amount): .members(("code", "fees_not_returned"), ("amount", .integer(amount)))
        case .needsApproval: .members(("code", "needs_approval"))
        }
    }
}
