import Configuration
import Engine
import Outbound

/// What an operator may say about webhooks.
package struct WebhookSettings: Sendable {
    /// For development: endpoints may be on this machine, and without TLS there.
    package var allowsLoopback = false
    package var schedule = DeliveryRules.published
    package var timeout = DeliveryRules().timeout

    package init() {}

    /// - Throws: ``SettingsFailure``.
    init(_ reader: ConfigReader) throws {
        switch reader.string(forKey: "webhooks.allowLoopback", default: "off") {
        case "on": allowsLoopback = true
        case "off": allowsLoopback = false
        case let other: throw SettingsFailure(name: "webhooks.allowLoopback", reason: "\(other) is neither on nor off")
        }
        if let text = reader.string(forKey: "webhooks.timeout") {
            guard let length = DurationText.read(text), length >= .milliseconds(100), length <= .seconds(30) else {
                throw SettingsFailure(name: "webhooks.timeout", reason: "\(text) is no time from 100ms to 30s")
            }
            timeout = length
        }
        guard let text = reader.string(forKey: "webhooks.schedule") else { return }
        let waits = text.split(separator: ",").map { DurationText.read($0) }
        guard (1...30).contains(waits.count), !waits.contains(nil),
            waits.compactMap(\.self).allSatisfy({ $0 <= .seconds(604_800) })
        else {
            throw SettingsFailure(
                name: "webhooks.schedule",
                reason: "\(text) is no list of 1 to 30 times such as 0s,5s,5m,2h, none above a week"
            )
        }
        schedule = waits.compactMap(\.self)
    }
}

/// How others are reached: by the network, or by what a test puts in its place.
package struct OutboundWays: Sendable {
    package let caller: any HTTPCaller
    package let resolver: any NameResolver

    package init(caller: any HTTPCaller = PinnedCaller(), resolver: any NameResolver = SystemResolver()) {
        self.caller = caller
        self.resolver = resolver
    }
}
