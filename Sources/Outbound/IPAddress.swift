/// An address of the internet protocol, version 4 or 6.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Four numbers in decimal digits without leading zeros. Programs read `0177.0.0.1`, `0x7f.1` and `2130706433` in
    /// different ways: here they are nothing.
    package init?(v4 text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                part.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt32(String(decoding: part, as: UTF8.self)),
                number < 256
            else { return nil }
            address = address << 8 | number
        }
        self = .v4(address)
    }

    /// As RFC 4291 writes it, without a zone.
    package init?(v6 text: some StringProtocol) {
        let text = String(text)
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, !text.isEmpty, let head = Self.groups(halves[0], isEnd: halves.count == 1),
            let tail = halves.count == 2 ? Self.groups(halves[1], isEnd: true) : []
        else { return nil }
        let missing = 8 - head.count - tail.count
        guard halves.count == 2 ? missing >= 1 : missing == 0 else { return nil }
        let all = head + [UInt16](repeating: 0, count: missing) + tail
        self = .v6(all.reduce(0) { $0 << 16 | UInt128($1) })
    }

    /// - Parameter isEnd: whether the last group may be an address of version 4.
    private static func groups(_ text: Substring, isEnd: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.utf8.contains(UInt8(ascii: ".")) {
                guard isEnd, index == parts.count - 1, case .v4(let low)? = IPAddress(v4: part) else { return nil }
                groups += [UInt16(low >> 16), UInt16(truncatingIfNeeded: low)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexadecimal),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    /// As it stands in a connection's settings.
    package var text: String {
        switch self {
        case .v4(let address): (0..<4).map { String(address >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
        case .v6(let address):
            (0..<8).map { String(UInt16(truncatingIfNeeded: address >> (112 - 16 * $0)), radix: 16) }
                .joined(separator: ":")
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        (0x30...0x39).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
    }
}
