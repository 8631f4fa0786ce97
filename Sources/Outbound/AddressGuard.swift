/// Which addresses may be called: those of the public internet, as the registries of IANA for special purposes have it
/// (RFC 6890 and what came after), and nothing that leads to another address by translation.
package struct AddressGuard: Sendable {
    /// For development: this machine may be called as well.
    package let allowsLoopback: Bool

    package init(allowsLoopback: Bool) {
        self.allowsLoopback = allowsLoopback
    }

    package func allows(_ address: IPAddress) -> Bool {
        if Self.isLoopback(address) { return allowsLoopback }
        switch address {
        case .v4(let number): return !Self.closed4.contains { number >> (32 - $0.bits) == $0.prefix >> (32 - $0.bits) }
        case .v6(let number):
            // Global unicast is 2000::/3; the rest is local, multicast, mapped, translated or unassigned.
            guard number >> 125 == 0b001 else { return false }
            return !Self.closed6.contains { number >> (128 - $0.bits) == $0.prefix >> (128 - $0.bits) }
        }
    }

    package static func isLoopback(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let number): number >> 24 == 127
        case .v6(let number): number == 1
        }
    }

    private static let closed4: [(prefix: UInt32, bits: Int)] = [
        (0x0000_0000, 8),  // this network
        (0x0A00_0000, 8),  // private
        (0x6440_0000, 10),  // shared by carriers
        (0x7F00_0000, 8),  // loopback
        (0xA9FE_0000, 16),  // link-local, where clouds keep their metadata
        (0xAC10_0000, 12),  // private
        (0xC000_0000, 24),  // protocol assignments
        (0xC000_0200, 24),  // documentation
        (0xC058_6300, 24),  // 6to4 relays
        (0xC0A8_0000, 16),  // private
        (0xC612_0000, 15),  // benchmarks
        (0xC633_6400, 24),  // documentation
        (0xCB00_7100, 24),  // documentation
        (0xE000_0000, 4),  // multicast
        (0xF000_0000, 4),  // reserved, and broadcast
    ]

    private static let closed6: [(prefix: UInt128, bits: Int)] = [
        (0x2001_0000 << 96, 23),  // protocol assignments, Teredo and its like
        (0x2001_0DB8 << 96, 32),  // documentation
        (0x2002_0000 << 96, 16),  // 6to4: another address inside
        (0x3FFF_0000 << 96, 20),  // documentation
        (0x5F00_0000 << 96, 16),  // segment routing
    ]
}
