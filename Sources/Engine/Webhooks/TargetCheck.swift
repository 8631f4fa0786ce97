/// Says whether an address may be called.
package protocol TargetCheck: Sendable {
    /// - Returns: why not, or `nil`. A name that cannot be looked up now is no reason: it is looked up at each call.
    func refusal(of url: String) async -> TargetRefusal?
}

/// Why an address is not called.
package enum TargetRefusal: Error, Equatable, Sendable {
    /// It is no address that everybody reads alike; a clause for whoever wrote it.
    case malformed(String)
    /// Only `https` leaves this machine.
    case notEncrypted
    /// The host is, or stands for, an address of a network that is not public.
    case notPublic
}
