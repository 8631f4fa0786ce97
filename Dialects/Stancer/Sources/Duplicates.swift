import DialectKit
import Domain
import Engine
import Storage

extension RequestContext {
    /// Answers that something is there already by the id under which it came from elsewhere, if it did: no other
    /// answer shows the canonical one.
    func namingDuplicates(
        _ body: () async throws(Refusal) -> WireResponse
    ) async throws(Refusal) -> WireResponse {
        do {
            return try await body()
        } catch {
            guard case .engine(.rejected(let rejection)) = error, let id = try await alias(ofHolder: rejection) else {
                throw error
            }
            return ErrorAnswer(rejection, knownAs: id).response
        }
    }

    private func alias(ofHolder rejection: Rejection) async throws(Refusal) -> String? {
        switch rejection {
        case .uniqueReferenceTaken(let id):
            let holder = try await payment(ObjectName(.payment, id.raw, in: book))
            return holder.names.text(for: id.raw, in: key.dialect)
        case .cardExists(let id):
            let holder = try await ask { engine throws(EngineFailure) in
                try await engine.card(ObjectName(.card, id.raw, in: book))
            }
            return holder.names.text(for: id.raw, in: key.dialect)
        case .customerExists(let id):
            let holder = try await customer(ObjectName(.customer, id.raw, in: book))
            return holder.names.text(for: id.raw, in: key.dialect)
        case .reasonMissing, .notAwaitingApproval, .approvalExpired, .ownApproval, .notInReview, .notRecheckable,
            .notRetryable, .alreadyRetried, .noProcessorConfigured, .paymentChanged, .currencyDiffers, .exceedsPayment,
            .partialBeforeCapture, .captureInProgress,
            .notCaptured, .paymentEnded, .paymentDisputed, .paymentInExcess, .nothingLeft, .exceedsRefundable,
            .potBalanceTooLow, .potClosed, .alreadySent, .statusNotSettable, .paymentStepRefused,
            .exceedsCapturable, .labelBelowRefunded, .processorReferenceTaken, .tooManyEndpoints, .endpointDisabled,
            .amountOutOfRange:
            return nil
        }
    }
}
