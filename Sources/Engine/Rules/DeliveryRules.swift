import Domain

/// When an event is sent to an endpoint, and when no more.
package struct DeliveryRules: Sendable {
    /// How long after its last failure an event is sent again; the first is for an event that never was. As Standard
    /// Webhooks suggests: 75 hours and 35 minutes in all.
    package static let published: [Duration] = [
        .zero, .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    package var schedule = Self.published
    /// How long a receiver may take, from the look-up of its name to the end of its answer.
    package var timeout = Duration.seconds(20)
    /// How many endpoints a book may have.
    package var endpointLimit = 100

    /// How long to wait after so many failures; `nil` when it was tried as often as it is tried.
    package var wait: @Sendable (DeliveryRules, Delivery) -> Duration? = { rules, delivery in
        guard delivery.failures < rules.schedule.count else { return nil }
        return Self.jittered(rules.schedule[Int(delivery.failures)], delivery)
    }

    /// Whether a worker that comes back is the one that has the delivery.
    package var isCurrent: @Sendable (Delivery, ClaimedDelivery) -> Bool = { delivery, claim in
        delivery.state == .sending && delivery.fencing == claim.delivery.fencing
    }

    /// Whether a claimed delivery may still be sent: a call that began now would end within the lease.
    package var maySend: @Sendable (ClaimedDelivery, _ moment: Moment) -> Bool = { $1 < $0.sendBefore }

    /// For how long nothing is sent to an endpoint that says that it is overloaded: twice as long each time, up to a
    /// minute; longer where it says so itself, up to a day. `nil` for any other answer.
    package var hold: @Sendable (DeliveryAnswer, _ throttles: Int64) -> Duration? = { answer, throttles in
        guard let status = answer.status, !(200...299).contains(status) else { return nil }
        let asked = answer.retryAfter.map { min($0, .seconds(86_400)) }
        guard [429, 502, 504].contains(status) else { return asked }
        return max(asked ?? .zero, .seconds(min(60, Int64(1) << min(max(throttles, 0), 6))))
    }

    package init() {}

    /// Until when a delivery that is sent now is its worker's.
    package func lease(_ moment: Moment) -> Moment { moment.adding(timeout + Self.margin) }

    /// How long after a call's timeout its worker is taken for dead.
    package static let margin = Duration.seconds(5)

    /// A tenth shorter to a tenth longer, so that what failed together does not come back together. Drawn from the
    /// delivery's own random bits: the same for whoever asks again.
    private static func jittered(_ wait: Duration, _ delivery: Delivery) -> Duration {
        var bits = UInt64(truncatingIfNeeded: delivery.id.raw) &+ UInt64(delivery.failures) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return wait / 1000 * Int(900 + (bits ^ (bits >> 31)) % 201)
    }
}
