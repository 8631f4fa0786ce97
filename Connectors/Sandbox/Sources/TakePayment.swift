import ConnectorKit
import Domain

/// Cards of the simulation (`contracts/stancer.md` 3.6 and 3.7).
private enum CardScenario: String {
    case capturedAtOnce = "captured_at_once"
    case disputed
    case refused
    case lost
    case stolen
    case insufficientFunds = "insufficient_funds"

    init?(_ card: CardNumber) {
        switch card.digits {
        case "4000000000000077": self = .capturedAtOnce
        case "4000000000000259", "4000000000001976", "4000000000005423": self = .disputed
        case "4000000000000002": self = .refused
        case "4000000000009987": self = .lost
        case "4000000000009979": self = .stolen
        case "4000000000009995": self = .insufficientFunds
        default: return nil
        }
    }

    /// The card network's code of a refusal.
    var refusal: String? {
        switch self {
        case .capturedAtOnce, .disputed: nil
        case .refused: "05"
        case .lost: "41"
        case .stolen: "43"
        case .insufficientFunds: "51"
        }
    }
}

extension SandboxConnector: PaymentTaking {
    package func take(_ order: PaymentOrder) -> PaymentAnswer {
        let scenario = order.cardScenario.flatMap(CardScenario.init(rawValue:))
        if let code = scenario?.refusal { return PaymentAnswer(state: .refused, response: code) }
        if !order.capturesAtOnce {
            return PaymentAnswer(
                state: .authorized,
                response: "00",
                nextStepAt: order.moment.adding(Self.authorizationLife)
            )
        }
        if scenario == .disputed { return PaymentAnswer(state: .captured, response: "00", isDisputed: true) }
        if scenario == .capturedAtOnce { return PaymentAnswer(state: .captured, response: "00") }
        switch order.method {
        case .mobile, .bank, .sepa:
            return PaymentAnswer(state: .captureSent, response: "00", nextStepAt: order.moment.adding(Self.step))
        case .card:
            if order.settlesAtOnce { return PaymentAnswer(state: .captured, response: "00") }
            return PaymentAnswer(state: .toCapture, response: "00", nextStepAt: order.moment.adding(Self.captureDelay))
        }
    }

    /// The whole goes the way of other card payments; a part is captured at once, and what is left stays authorized.
    package func capture(_ payment: Payment, _ wish: CaptureWish, at moment: Moment) -> PaymentAnswer {
        guard let amount = wish.amount ?? (payment.captured > 0 ? payment.capturable : nil) else {
            return PaymentAnswer(
                state: .toCapture,
                response: payment.response,
                nextStepAt: moment.adding(Self.captureDelay)
            )
        }
        let isLast = wish.isFinal || amount == payment.capturable
        return PaymentAnswer(
            state: .captured,
            response: payment.response,
            captured: amount,
            nextStepAt: isLast ? nil : payment.dueAt
        )
    }

    package func advance(_ payment: Payment, at moment: Moment) -> PaymentAnswer {
        switch payment.state {
        case .authorized: PaymentAnswer(state: .expired, response: payment.response)
        case .toCapture, .captureSent: PaymentAnswer(state: .captured, response: payment.response)
        case .captured: PaymentAnswer(state: .captured, response: payment.response, captured: 0)
        case .created, .canceled, .expired, .failed, .refused:
            PaymentAnswer(state: payment.state, response: payment.response)
        }
    }

    package func scenario(of card: CardNumber) -> String? { CardScenario(card)?.rawValue }

    /// How long a card payment waits for its capture.
    private static let captureDelay = Duration.seconds(3600)
    /// How long an authorization may wait for the merchant.
    private static let authorizationLife = Duration.seconds(7 * 86400)
}
