import Domain

/// What Cari calls the state of a charge.
enum ChargeWord: String, CaseIterable, Sendable {
    case pending
    case succeeded
    case failed

    init(_ state: PaymentState) {
        switch state {
        case .created, .authorized, .toCapture, .captureSent: self = .pending
        case .captured: self = .succeeded
        case .canceled, .expired, .failed, .refused: self = .failed
        }
    }
}

/// What Cari calls the status of a refund.
enum RefundWord: String, CaseIterable, Sendable {
    case pending
    case succeeded
    case failed
    case canceled

    init(_ status: RefundStatus) {
        switch status {
        case .awaitingApproval, .queued, .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview:
            self = .pending
        case .succeeded: self = .succeeded
        case .reversed, .failed: self = .failed
        case .canceled: self = .canceled
        }
    }
}

/// How a charge is paid, as Cari's requests say it.
enum Provider: String, CaseIterable, Sendable {
    case card
    case mobile
    case bank

    init(_ method: PaymentMethod) {
        switch method {
        case .card: self = .card
        case .mobile: self = .mobile
        case .bank, .sepa: self = .bank
        }
    }

    var method: PaymentMethod {
        switch self {
        case .card: .card
        case .mobile: .mobile
        case .bank: .bank
        }
    }
}
