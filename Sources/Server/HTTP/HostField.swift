import HTTPTypes
import Hummingbird

/// The one `Host` of a request, without its port, in lower case.
package struct HostField {
    let name: String

    /// `nil` for none, for several, and for what is no host name or address.
    init?(_ request: Request) {
        guard let authority = request.head.authority, let name = HostField.name(in: authority) else { return nil }
        // HTTP/1's Host is the authority already; HTTP/2 may say the same once more (RFC 9113, 8.3.1).
        let further = request.headers.filter { $0.name.canonicalName == "host" }
        guard further.allSatisfy({ $0.value.lowercased() == authority.lowercased() }), further.count <= 1 else {
            return nil
        }
        self.name = name
    }

    package static func name(in authority: String) -> String? {
        // Some letters beyond ASCII, such as the Kelvin sign, have an ASCII one as their lower case.
        guard authority.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var host = authority.lowercased()[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let address = host[host.index(after: host.startIndex)..<end]
            guard !address.isEmpty,
                address.utf8.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
            return isPort(host[host.index(after: end)...]) ? String(host[...end]) : nil
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return nil }
            host = host[..<colon]
        }
        let isName = host.utf8.allSatisfy { byte in
            isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        return !host.isEmpty && host.utf8.count <= 253 && isName ? String(host) : nil
    }

    /// Nothing, or a colon and up to five digits.
    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        let digits = text.dropFirst()
        return text.hasPrefix(":") && digits.utf8.count <= 5 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
