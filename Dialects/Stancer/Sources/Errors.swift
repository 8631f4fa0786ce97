import DialectKit
import Domain
import Engine
import HTTPTypes

extension StancerDialect {
    package func render(_ refusal: Refusal, for request: WireRequest) -> WireResponse {
        ErrorAnswer(refusal, request).response
    }
}

extension ErrorAnswer {
    fileprivate init(_ refusal: Refusal, _ request: WireRequest) {
        switch refusal {
        case .malformed(let clause): self.init(.badRequest, "Bad request: \(clause)")
        case .unauthorized: self = .unauthorized
        case .unknownRoute:
            self.init(.notFound, "There is no /\(request.path.segments.joined(separator: "/")) in this API")
        case .methodNotAllowed(let methods):
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            self = ErrorAnswer(.methodNotAllowed, "\(request.method) is not allowed here, use one of \(allowed)")
                .with(.allow, allowed)
        case .missingScope(let scope): self.init(.forbidden, "Your API key lacks the scope \(scope)")
        case .bodyTooLarge(let limit): self.init(.contentTooLarge, "The body must not exceed \(limit) bytes")
        case .invalid(let field, let reason): self.init(.badRequest, "\(field.isEmpty ? "The body" : field) \(reason)")
        case .unknownVersion(let known):
            self.init(.badRequest, "The version must be one of \(known.joined(separator: ", "))")
        case .rateLimited(let seconds):
            self = ErrorAnswer(.tooManyRequests, "Too many requests with this key, wait before sending more")
                .with(.retryAfter, String(seconds))
        case .engine(let failure): self.init(failure)
        case .notOffered(let text): self.init(.notImplemented, text)
        }
    }

    private static var unauthorized: ErrorAnswer {
        ErrorAnswer(.unauthorized, "You are not authorized to access that resource")
            .with(.wwwAuthenticate, #"Basic realm="Stancer API", charset="UTF-8""#)
    }

    private init(_ failure: EngineFailure) {
        switch failure {
        case .notFound(let kind, let text): self.init(.notFound, "No such \(kind.rawValue) \(text)")
        case .rejected(let rejection): self.init(rejection)
        case .idempotencyMismatch:
            self.init(.conflict, "This Idempotency-Key was used for another request, send a new one")
        case .idempotencyInProgress:
            self.init(.conflict, "The first request with this Idempotency-Key is still running, try again shortly")
        case .pageOutOfReach:
            self.init(.badRequest, "start is too far from any page read before, walk the list page by page")
        case .busy:
            self = ErrorAnswer(.serviceUnavailable, "Too many requests are waiting, try again shortly")
                .with(.retryAfter, "1")
        case .storageUnavailable:
            self = ErrorAnswer(.serviceUnavailable, "The server cannot reach its data, try again shortly")
                .with(.retryAfter, "1")
        case .keyInvalid: self = .unauthorized
        case .clockRefused: self.init(.conflict, "The time of these books cannot be set so")
        case .fault: self.init(.internalServerError, "The server made a mistake, nothing was changed")
        }
    }
}

// MARK: - Business refusals

extension ErrorAnswer {
    /// - Parameter knownAs: the id of the object that is there already, where it came with one from elsewhere.
    init(_ rejection: Rejection, knownAs id: String? = nil) {
        switch rejection {
        case .reasonMissing: self.init(.badRequest, "A decision about a refund needs a reason")
        case .notAwaitingApproval: self.init(.conflict, "Refund does not wait for approval, or no longer")
        case .approvalExpired: self.init(.conflict, "Refund can no longer be approved, it took too long")
        case .ownApproval: self.init(.conflict, "Refund must be approved by somebody else than who asked for it")
        case .notInReview: self.init(.conflict, "Refund is not under review")
        case .notRecheckable: self.init(.conflict, "Refund leaves nothing to ask the processor")
        case .notRetryable: self.init(.conflict, "Refund cannot be asked for once more, only one that failed can")
        case .alreadyRetried: self.init(.conflict, "Refund has been asked for once more already")
        case .noProcessorConfigured:
            self.init(.conflict, "No processor is configured for live mode: no live payment or refund can be made")
        case .paymentChanged: self.init(.conflict, "Payment has changed in the meantime")
        case .currencyDiffers(let expected):
            self.init(.badRequest, "currency must be \(expected.lowercased), as in the payment")
        case .exceedsPayment(let amount):
            self.init(.badRequest, "amount must not exceed \(amount), the amount of the payment")
        case .partialBeforeCapture:
            self.init(.conflict, "Payment cannot be partially refunded before it has been captured")
        case .captureInProgress:
            self.init(.conflict, "Payment capture is being processed, refund it once it is captured")
        case .notCaptured(let state):
            self.init(.conflict, "Payment cannot be refunded before it has been captured, it is \(state.rawValue)")
        case .paymentEnded(let state): self.init(.conflict, ErrorAnswer.unrefundable(state))
        case .paymentDisputed:
            self.init(.conflict, "Payment is disputed, the money is claimed back by the payer's bank already")
        case .paymentInExcess:
            self.init(.conflict, "More was given back for this payment than it captured, it has to be reviewed first")
        case .nothingLeft: self.init(.conflict, "Payment has already been fully refunded")
        case .exceedsRefundable(let remaining):
            self.init(.conflict, "Payment cannot be refunded beyond what is left of it, \(remaining)")
        case .potBalanceTooLow(let balance):
            self.init(.conflict, "Payment belongs to a pot that holds \(balance) only")
        case .potClosed: self.init(.conflict, "Payment belongs to a pot that is closed")
        case .alreadySent: self.init(.conflict, "Refund has already been sent")
        case .statusNotSettable(let status):
            self.init(.conflict, "Refund cannot be changed by hand, it is \(status.rawValue)")
        case .paymentStepRefused(let state): self.init(.conflict, ErrorAnswer.unsteppable(state))
        case .exceedsCapturable(let remaining):
            self.init(.conflict, "Payment cannot be captured beyond what is left to capture of it, \(remaining)")
        case .labelBelowRefunded(let refunded):
            self.init(.conflict, "Payment has refunds of \(refunded), its amount cannot go below")
        case .uniqueReferenceTaken(let payment):
            self.init(
                .conflict,
                "Payment already exists, duplicate unique_id",
                id: id ?? ObjectID.payment.text(payment.raw)
            )
        case .processorReferenceTaken:
            self.init(.conflict, "Payment already exists, its processor's reference is known")
        case .cardExists(let card):
            self.init(
                .conflict,
                "Card already exists, you may want to update it instead creating a new one",
                id: id ?? ObjectID.card.text(card.raw)
            )
        case .customerExists(let customer):
            self.init(
                .conflict,
                "Customer already exists, you may want to update it instead creating a new one",
                id: id ?? ObjectID.customer.text(customer.raw)
            )
        case .tooManyEndpoints: self.init(.conflict, "There are too many webhooks")
        case .endpointDisabled: self.init(.conflict, "The webhook is disabled")
        case .amountOutOfRange: self.init(.conflict, "The amounts add up to more than can be counted")
        }
    }

    private static func unrefundable(_ state: PaymentState) -> String {
        switch state {
        case .created: "Payment cannot be refunded, it has not been paid yet"
        case .authorized, .toCapture, .captureSent, .captured, .canceled, .expired, .failed, .refused:
            "Payment cannot be refunded, its status is \(state.rawValue)"
        }
    }

    private static func unsteppable(_ state: PaymentState) -> String {
        switch state {
        case .created: "Payment has no card yet, add one before asking for its authorization or capture"
        case .authorized: "Payment is authorized, only its capture can be asked for"
        case .toCapture, .captureSent, .captured, .canceled, .expired, .failed, .refused:
            "Payment can no longer be changed that way, its status is \(state.rawValue)"
        }
    }
}
