import Domain
import Foundation
import SwiftASN1
import X509

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Doctor {
    /// - Parameter isServing: whether a server of this database runs, which then has the port.
    func port(isServing: Bool) -> Diagnosis {
        let place = "\(settings.host):\(settings.port)"
        if settings.port == 0 { return .ok("port", "the system chooses one") }
        switch Self.binding(settings.host, settings.port) {
        case 0:
            guard isServing else { return .ok("port", "\(place) is free") }
            return .ok("port", "\(place) is free: the server that runs has another one")
        case EADDRINUSE where isServing: return .ok("port", "\(place) is taken, as by the server that runs")
        case EADDRINUSE:
            return .problem("port", "another program has \(place)", "End it (ss -ltnp), or choose another --port")
        case EACCES:
            return .problem(
                "port",
                "this user may not listen on \(place)",
                "Choose a port from 1024 on, or give AmbientCapabilities=CAP_NET_BIND_SERVICE"
            )
        case let failure:
            let words = failure < 0 ? "there is no such address" : String(cString: strerror(failure))
            return .problem("port", "nothing can listen on \(place): \(words)", "Correct --host")
        }
    }

    /// - Returns: 0 where somebody could listen there, what the system says otherwise; below 0 for no address.
    private static func binding(_ host: String, _ port: Int) -> Int32 {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else { return -1 }
        defer { freeaddrinfo(list) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else { return errno }
        return 0
    }

    private static let soon: TimeInterval = 21 * 86_400

    /// The certificate that clients are shown, and whether its key fits it.
    func certificate() -> [Diagnosis] {
        guard let tls = settings.tls else {
            guard !settings.isLoopback else { return [] }
            return [
                .warning(
                    "certificate",
                    "\(settings.host) is reached without TLS",
                    "Give --tls-certificate and --tls-key, or let a proxy on this machine speak TLS"
                )
            ]
        }
        guard let chain = FileManager.default.contents(atPath: tls.certificate),
            let leaf = Self.firstCertificate(in: String(decoding: chain, as: UTF8.self))
        else {
            return [
                .problem("certificate", "\(tls.certificate) holds no certificate", "Name a PEM file with the chain")
            ]
        }
        guard let text = FileManager.default.contents(atPath: tls.key).map({ String(decoding: $0, as: UTF8.self) }),
            let key = try? Certificate.PrivateKey(pemEncoded: text)
        else {
            return [.problem("certificate", "\(tls.key) holds no key that can be read", "Name a PEM file with the key")]
        }
        guard key.publicKey == leaf.publicKey else {
            return [
                .problem(
                    "certificate",
                    "\(tls.key) is not the key of \(tls.certificate)",
                    "Name the key that the certificate was made for"
                )
            ]
        }
        return [expiry(of: leaf, tls.certificate)]
    }

    private func expiry(of leaf: Certificate, _ path: String) -> Diagnosis {
        let today = Date(timeIntervalSince1970: TimeInterval(now.seconds))
        let left = leaf.notValidAfter.timeIntervalSince(today)
        let days = Int(left / 86_400)
        if left <= 0 {
            return .problem("certificate", "\(path) has expired", "Renew it, and start the server anew")
        }
        if leaf.notValidBefore > today {
            return .problem(
                "certificate",
                "\(path) is not valid yet",
                "Set the clock right, or use another certificate"
            )
        }
        guard left < Self.soon else { return .ok("certificate", "\(path) is valid for \(days) more days") }
        return .warning("certificate", "\(path) expires in \(days) days", "Renew it, and start the server anew")
    }

    private static func firstCertificate(in text: String) -> Certificate? {
        let end = "-----END CERTIFICATE-----"
        guard let begin = text.range(of: "-----BEGIN CERTIFICATE-----"),
            let stop = text.range(of: end, range: begin.upperBound..<text.endIndex)
        else { return nil }
        return try? Certificate(pemEncoded: String(text[begin.lowerBound..<stop.upperBound]))
    }
}
