import Domain
import Engine
import Outbound
import Storage

/// Makes one call to an endpoint, and says what became of it.
struct DeliverySender: Sendable {
    let engine: Engine
    let renderer: any EventRenderer
    let targets: TargetGuard
    let caller: any HTTPCaller

    /// - Throws: where the message cannot be made; then nothing was sent.
    func send(_ claim: ClaimedDelivery) async throws(EngineFailure) -> DeliveryAnswer {
        let delivery = claim.delivery
        let event = try await engine.event(delivery.sequence, of: delivery.object, in: delivery.book)?.event
        guard let event else { throw .fault }
        let message = try await renderer.message(of: event, in: engine)
        let trace = try await trace(of: event)
        let startedAt = engine.execution.moment
        // A book's own time stands still meanwhile.
        let now = claim.isOnClock ? claim.claimedAt : startedAt
        guard engine.execution.rules.delivery.maySend(claim, now) else {
            return answer(.interrupted, since: startedAt, "the lease was nearly over before the call began")
        }
        do throws(TargetFailure) {
            let target = try await targets.check(claim.endpoint.target.url)
            return await call(claim, event, message, trace, target, since: startedAt)
        } catch {
            switch error {
            case .unresolved: return answer(.unreachable, since: startedAt, "the name stands for no address")
            case .malformed, .notEncrypted, .notPublic:
                return answer(.blocked, since: startedAt, "the address is not one that may be called")
            }
        }
    }

    /// The request that brought it about: what becomes of a refund later on is the work of the one that asked for it.
    private func trace(of event: Event) async throws(EngineFailure) -> TraceContext? {
        var request = event.requestID
        if request == nil, event.object.kind == .refund {
            request = try await engine.requestID(ofRefund: Refund.ID(event.object.id), in: event.book)
        }
        return request.flatMap(TraceContext.init(requestID:))
    }

    private func call(
        _ claim: ClaimedDelivery,
        _ event: Event,
        _ message: [UInt8],
        _ trace: TraceContext?,
        _ target: CheckedTarget,
        since startedAt: Moment
    ) async -> DeliveryAnswer {
        let signature = WebhookSignature.fields(
            id: renderer.id(of: event),
            at: engine.time.wall,
            body: message,
            keys: claim.endpoint.keys(at: claim.isOnClock ? claim.claimedAt : startedAt)
        )
        let call = OutboundCall(
            target: target,
            fields: [("content-type", "application/json"), ("user-agent", "Storno")] + signature
                + (trace.map { [("traceparent", $0.field)] } ?? []),
            body: message,
            timeout: engine.execution.rules.delivery.timeout
        )
        do throws(OutboundFailure) {
            let received = try await caller.post(call)
            var answer = answer((200...299).contains(received.status) ? .delivered : .refused, since: startedAt)
            answer.status = Int64(received.status)
            answer.body = received.body
            answer.retryAfter = received.retryAfter.flatMap { RetryAfter.read($0, now: engine.time.wall) }
            return answer
        } catch {
            switch error {
            case .timedOut: return answer(.timedOut, since: startedAt, "no whole answer in time")
            case .unreachable(let reason): return answer(.unreachable, since: startedAt, reason)
            case .interrupted: return answer(.interrupted, since: startedAt, "the server was stopped")
            }
        }
    }

    private func answer(_ outcome: DeliveryOutcome, since startedAt: Moment, _ reason: String? = nil) -> DeliveryAnswer
    {
        let duration = engine.execution.moment.milliseconds - startedAt.milliseconds
        var answer = DeliveryAnswer(outcome, durationMilliseconds: max(0, duration))
        answer.reason = reason
        return answer
    }
}
