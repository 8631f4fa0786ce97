import Foundation
import Outbound

extension FuzzTarget {
    /// The address of a webhook endpoint.
    static let targetURL = FuzzTarget("target-url") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let address = IPAddress(v6: text) {
            try hold(IPAddress(v6: address.text) == address, "\(text) is written as another address")
        }
        if let address = IPAddress(v4: text) {
            try hold(address.text == text, "\(text) is written as another address")
        }
        guard let url = try? TargetURL(text) else { return }
        try hold(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "an address holds what cannot be seen")
        try hold((1...65535).contains(url.port), "the port \(url.port)")
        let again = try? TargetURL(url.text)
        try hold(again == url, "\(url.text) reads as another address")
        let read = URL(string: url.text)
        try hold(read?.user == nil && read?.password == nil, "\(url.text) has a user")
        try hold(read?.port == url.port, "\(url.text) has another port for whoever calls")
        let host = read?.host?.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        try hold(host == url.host, "\(url.text) has another host for whoever calls")
        let isNumber = url.host.split(separator: ".").last.map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        try hold(isNumber != true || url.literal != nil, "\(url.host) is a name and a number")
    }
}
