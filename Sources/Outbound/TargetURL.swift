import Foundation

/// An address that everybody reads alike: whatever two programs could understand in two ways is refused.
package struct TargetURL: Hashable, Sendable {
    package let isEncrypted: Bool
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// What the host is written as, where it is an address.
    package let literal: IPAddress?
    /// As it is called.
    package let text: String

    private static let longest = 2048

    package init(_ text: String) throws(TargetFailure) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.utf8.contains(0x5C)
        else { throw .malformed("must be at most \(Self.longest) visible ASCII characters, and no backslash") }
        let lowered = text.lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            throw .malformed("must begin with https://")
        }
        isEncrypted = lowered.hasPrefix("https://")
        let rest = lowered.utf8.dropFirst(isEncrypted ? 8 : 7)
        let end = rest.firstIndex { [0x2F, 0x3F, 0x23].contains($0) } ?? rest.endIndex
        guard !rest.contains(UInt8(ascii: "#")) else { throw .malformed("must not have a fragment") }
        let authority = Substring(rest[..<end])
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw .malformed("must not hold a user or a password")
        }
        let (host, port) = try Self.split(authority)
        self.port = port ?? (isEncrypted ? 443 : 80)
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), let address = IPAddress(v6: host.dropFirst().dropLast()) else {
                throw .malformed("must have an IPv6 address between brackets")
            }
            literal = address
            self.host = String(host.dropFirst().dropLast())
        } else {
            literal = try Self.check(name: host)
            self.host = String(host)
        }
        let path = String(text.utf8.dropFirst(text.utf8.count - rest[end...].count)) ?? ""
        let slash = path.hasPrefix("/") ? "" : "/"
        self.text = "\(isEncrypted ? "https" : "http")://\(host):\(self.port)\(slash)\(path)"
        // Whoever calls reads it by this parser.
        let brackets = CharacterSet(charactersIn: "[]")
        guard let read = URL(string: self.text), read.host?.trimmingCharacters(in: brackets).lowercased() == self.host,
            read.port == self.port
        else { throw .malformed("must be a URL as RFC 3986 has it") }
    }

    private static func split(_ authority: Substring) throws(TargetFailure) -> (host: Substring, port: Int?) {
        let end = authority.hasPrefix("[") ? authority.lastIndex(of: "]") : nil
        let colon = authority[(end ?? authority.startIndex)...].firstIndex(of: ":")
        guard let colon else { return (authority, nil) }
        let digits = authority[authority.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            !digits.hasPrefix("0"), let port = Int(digits), port <= 65535
        else { throw .malformed("must have a port from 1 to 65535, or none") }
        return (authority[..<colon], port)
    }

    /// - Returns: the address that the name is.
    private static func check(name: Substring) throws(TargetFailure) -> IPAddress? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
                }
        }
        guard isPlain, let last = labels.last, name.utf8.count <= 253 else {
            throw .malformed("must name a host by letters, digits, hyphens and points; other scripts as punycode")
        }
        // By the URL standard a host whose last part is a number is an address, however odd.
        guard last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || last.hasPrefix("0x") else { return nil }
        guard let address = IPAddress(v4: name) else {
            throw .malformed("must write an address as four decimal numbers")
        }
        return address
    }

    /// Whether the name is one that no public name server knows.
    var isLocalName: Bool {
        guard literal == nil else { return false }
        // By RFC 6761 and ICANN's list of names that will never be given, and what networks use all the same.
        let local = [
            "localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "mail", "private",
            "arpa",
            "test", "invalid", "onion", "alt",
        ]
        let labels = host.split(separator: ".")
        return labels.count < 2 || labels.last.map { local.contains(String($0)) } ?? true
    }

    var isLocalhost: Bool { host == "localhost" }
}

/// Why an address is not called.
package enum TargetFailure: Error, Equatable, Sendable {
    /// It is no address that everybody reads alike; a clause for whoever wrote it.
    case malformed(String)
    /// Only `https` leaves this machine.
    case notEncrypted
    /// The host is, or stands for, an address of a network that is not public.
    case notPublic
    /// The name stands for no address at present.
    case unresolved
}
