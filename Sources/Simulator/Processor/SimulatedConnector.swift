import ConnectorKit
import Domain

/// One process's way to a processor, over a network that loses, delays and breaks things.
final class SimulatedConnector: Connector, PaymentTaking {
    private let processor: SimulatedProcessor
    let process: Process

    init(processor: SimulatedProcessor, process: Process) {
        self.processor = processor
        self.process = process
    }

    var name: String { processor.name }
    var capabilities: ConnectorCapabilities { processor.capabilities }
    private var world: World { process.world }

    func submit(_ order: RefundOrder) async -> SubmissionOutcome {
        process.callsInFlight += 1
        defer { process.callsInFlight -= 1 }
        let profile = world.profile
        let there = world.draw(in: profile.slowness)
        guard process.isAlive else { return .unknown("the process is dead") }
        if world.happens(profile.refusedConnection) {
            world.meet(.unsent)
            await world.scheduler.sleep(there)
            return .unsent("connection refused")
        }
        if world.happens(profile.lostRequest) {
            world.meet(.requestLost)
            return await timeout()
        }
        if world.happens(profile.lateArrival) {
            let late = world.lateness(upTo: Self.timeoutMilliseconds + processor.visibilityDelay / 2)
            if late > Self.timeoutMilliseconds { world.meet(.lateArrival) }
            world.scheduler.after(late) { _ = self.processor.receive(order) }
            return await timeout()
        }
        if world.happens(profile.serverError / 2) {
            await world.scheduler.sleep(there)
            return .unknown("500 before execution")
        }
        // On its way it is out of our hands: neither a pause nor our death stops it.
        let answer = await withUnsafeContinuation { continuation in
            world.scheduler.after(there) { continuation.resume(returning: self.processor.receive(order)) }
        }
        if world.happens(profile.serverError) {
            world.meet(.serverErrorAfterExecution)
            return .unknown("500 after execution")
        }
        if world.happens(profile.lostReply) {
            world.meet(.replyLost)
            return await timeout()
        }
        await world.scheduler.sleep(world.draw(in: profile.slowness))
        return .answered(answer)
    }

    func find(_ order: RefundOrder, reference: String?) async -> InquiryOutcome {
        let profile = world.profile
        await world.scheduler.sleep(world.draw(in: profile.slowness))
        guard processor.certainty != .blind else { return .unknown("it cannot be asked") }
        if world.happens(profile.failedInquiry) {
            world.meet(.inquiryFailed)
            return .unknown("the inquiry failed")
        }
        let outcome = processor.find(order.processorKey)
        await world.scheduler.sleep(world.draw(in: profile.slowness))
        return outcome
    }

    private static let timeoutMilliseconds: Int64 = 10_000

    private func timeout() async -> SubmissionOutcome {
        await world.scheduler.sleep(Self.timeoutMilliseconds)
        return .unknown("no answer in time")
    }
}

// MARK: - Payments

extension SimulatedConnector {
    func take(_ order: PaymentOrder) -> PaymentAnswer {
        PaymentAnswer(state: order.capturesAtOnce ? .captured : .authorized, response: "00")
    }

    func capture(_ payment: Payment, _ wish: CaptureWish, at moment: Moment) -> PaymentAnswer {
        PaymentAnswer(state: .captured, response: "00", captured: wish.amount)
    }

    func advance(_ payment: Payment, at moment: Moment) -> PaymentAnswer {
        PaymentAnswer(state: payment.state, response: payment.response)
    }

    func scenario(of card: CardNumber) -> String? { nil }
}
