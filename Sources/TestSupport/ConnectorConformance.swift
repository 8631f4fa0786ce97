import ConnectorKit
import Domain

/// What a connector's tests bring for the conformance suite: the connector, and a processor that is the test's own.
package protocol ProcessorRig: Sendable {
    var connector: any Connector { get }

    /// An order that this processor treats so; `nil` where it cannot be brought to that.
    ///
    /// - Parameter key: the processor key that the order has.
    func order(_ treatment: ProcessorTreatment, key: String) async throws -> RefundOrder?

    /// How often money was moved for a processor key.
    func movements(for key: String) async throws -> Int
}

/// What a processor does with an order.
package enum ProcessorTreatment: String, CaseIterable, Sendable {
    /// Takes it, and pays at once or later.
    case accepts
    case declines
    /// Pays, and its answer never comes.
    case losesAnswer
    /// Cannot be reached at all: the order never leaves this machine.
    case isUnreachable
}

/// Something that every connector owes, in words that say what to do where it is missing.
package struct ConnectorDuty: Sendable, CustomStringConvertible {
    package let name: String
    private let look: @Sendable (any ProcessorRig) async throws -> String?

    package var description: String { name }

    fileprivate init(_ name: String, _ look: @Sendable @escaping (any ProcessorRig) async throws -> String?) {
        self.name = name
        self.look = look
    }

    /// - Returns: what is still owed; `nil` for nothing.
    package func debt(of rig: any ProcessorRig) async -> String? {
        do {
            return try await look(rig).map { "\(name): \($0)" }
        } catch {
            return "\(name): it could not be looked at: \(error)"
        }
    }
}

/// The suite that every connector passes. Run it from the connector's own tests:
///
///     @Test(arguments: ConnectorConformance.duties)
///     func `keeps what every connector promises`(duty: ConnectorDuty) async {
///         let debt = await duty.debt(of: Rig())
///         #expect(debt == nil)
///     }
package enum ConnectorConformance {
    package static let duties: [ConnectorDuty] = [
        ConnectorDuty("it has a name") { rig in
            let isWord = rig.connector.name.wholeMatch(of: /[a-z][a-z0-9_]{0,39}/) != nil
            return isWord ? nil : "the name is kept in rows: 1 to 40 of a-z, 0-9 and _, not `\(rig.connector.name)`"
        },
        ConnectorDuty("its waits can be kept") { rig in
            let capabilities = rig.connector.capabilities
            let waits = [capabilities.dispatchDelay, capabilities.visibilityDelay]
            guard capabilities.callTimeout > .zero, capabilities.callTimeout <= .seconds(120) else {
                return "callTimeout is above zero and at most two minutes"
            }
            guard capabilities.pollInterval > .zero, waits.allSatisfy({ $0 >= .zero }) else {
                return "pollInterval is above zero, and no delay is below"
            }
            guard capabilities.keyWindow.map({ $0 > capabilities.callTimeout }) ?? true else {
                return "a key is remembered for longer than a call may take"
            }
            return nil
        },
        ConnectorDuty("submit: an accepted order is answered with the processor's reference") { rig in
            let order = try await needed(.accepts, rig)
            guard case .answered(let answer) = await rig.connector.submit(order) else {
                return "answer `.answered` once the processor has confirmed the order"
            }
            guard [.accepted, .succeeded].contains(answer.claim) else { return "it claims \(answer.claim.rawValue)" }
            guard answer.reference?.isEmpty == false else { return "keep the processor's reference in `reference`" }
            return difference(answer, order)
        },
        ConnectorDuty("submit: the same processor key moves money once") { rig in
            let order = try await needed(.accepts, rig)
            for _ in 1...3 { _ = await rig.connector.submit(order) }
            let count = try await rig.movements(for: order.processorKey)
            if rig.connector.capabilities.certainty == .keyed, count != 1 {
                return "send `processorKey` as the processor's idempotency key: money moved \(count) times"
            }
            return count > 1 ? "money moved \(count) times for one key" : nil
        },
        ConnectorDuty("submit: a declined order is a refusal with a reason") { rig in
            guard let order = try await rig.order(.declines, key: "declined") else { return nil }
            guard case .answered(let answer) = await rig.connector.submit(order) else {
                return "a refusal is an answer too: `.answered` with the claim `.refused`"
            }
            guard answer.claim == .refused else { return "it claims \(answer.claim.rawValue), not refused" }
            return answer.failure == nil ? "say why in `failure`" : nil
        },
        ConnectorDuty("submit: an answer that never came is unknown, never a failure") { rig in
            guard let order = try await rig.order(.losesAnswer, key: "lost") else { return nil }
            guard case .unknown = await rig.connector.submit(order) else {
                return
                    "a timeout, a reset after sending, a 5xx and what cannot be read are `.unknown`: money may have moved"
            }
            return nil
        },
        ConnectorDuty("submit: what never left is unsent") { rig in
            guard let order = try await rig.order(.isUnreachable, key: "unsent") else { return nil }
            guard case .unsent = await rig.connector.submit(order) else {
                return "where no byte can have reached the processor answer `.unsent`, so that it may be sent again"
            }
            return nil
        },
        ConnectorDuty("find: an order whose answer was lost is found") { rig in
            guard canAsk(rig), let order = try await rig.order(.losesAnswer, key: "found") else { return nil }
            _ = await rig.connector.submit(order)
            guard case .found(let answer) = await rig.connector.find(order, reference: nil) else {
                return "ask the processor by `processorKey` and answer `.found`"
            }
            return difference(answer, order)
        },
        ConnectorDuty("find: an order is found by its reference") { rig in
            guard canAsk(rig) else { return nil }
            let order = try await needed(.accepts, rig)
            guard case .answered(let answer) = await rig.connector.submit(order) else {
                return "an accepted order is answered first"
            }
            guard case .found(let found) = await rig.connector.find(order, reference: answer.reference) else {
                return "ask the processor by its reference and answer `.found`"
            }
            return found.reference == answer.reference ? difference(found, order) : "it has another reference"
        },
        ConnectorDuty("find: an order that was never sent is absent") { rig in
            guard canAsk(rig) else { return nil }
            let order = try await needed(.accepts, rig, key: "never sent")
            guard case .absent = await rig.connector.find(order, reference: nil) else {
                return "`.absent` only where the processor says that there is none, and then always"
            }
            return nil
        },
    ]

    private static func canAsk(_ rig: any ProcessorRig) -> Bool {
        rig.connector.capabilities.certainty == .queryable
    }

    private static func needed(
        _ treatment: ProcessorTreatment,
        _ rig: any ProcessorRig,
        key: String = "accepted"
    ) async throws -> RefundOrder {
        guard let order = try await rig.order(treatment, key: key) else { throw RigWithout(treatment: treatment) }
        return order
    }

    private static func difference(_ answer: ProcessorAnswer, _ order: RefundOrder) -> String? {
        if let amount = answer.amount, amount != order.amount { return "it tells another amount" }
        if let currency = answer.currency, currency != order.currency { return "it tells another currency" }
        return nil
    }
}

/// A rig that cannot show the least.
package struct RigWithout: Error, CustomStringConvertible {
    let treatment: ProcessorTreatment

    package var description: String { "the rig has no order that its processor \(treatment.rawValue)" }
}

extension RefundOrder {
    /// An order of so many euro cents, of a payment that captured as much.
    package static func sample(
        _ amount: Int64 = 100,
        key: String,
        metadata: Metadata = [:],
        at moment: Moment = Moment(seconds: 1_767_323_045)
    ) -> RefundOrder {
        var payment = Payment(
            id: Payment.ID(1),
            book: Book(1),
            createdAt: moment,
            state: .captured,
            currency: Currency(stored: "EUR", exponent: 2),
            authorized: amount,
            connector: "test",
            connectorAccount: "default",
            origin: "storno"
        )
        payment.captured = amount
        payment.processorReference = "payment-1"
        let refund = Refund(
            id: Refund.ID(2),
            book: Book(1),
            payment: payment,
            kind: .refund,
            amount: amount,
            createdAt: moment,
            status: .queued,
            reasonCode: nil,
            actor: Actor(.system, "test"),
            requestID: nil,
            origin: "storno",
            metadata: metadata
        )
        return RefundOrder(refund: refund, processorKey: key, payment: payment, at: moment, isOnClock: false)
    }
}
