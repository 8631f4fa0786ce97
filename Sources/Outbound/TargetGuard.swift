/// An address that may be called now, and where its host is: a call goes there and nowhere else, whatever the name stands
/// for a moment later.
package struct CheckedTarget: Sendable {
    package let url: TargetURL
    package let address: IPAddress
}

/// Looks at addresses before they are called.
package struct TargetGuard: Sendable {
    private let addresses: AddressGuard
    private let resolver: any NameResolver

    package init(allowsLoopback: Bool, resolver: any NameResolver) {
        addresses = AddressGuard(allowsLoopback: allowsLoopback)
        self.resolver = resolver
    }

    /// - Throws: ``TargetFailure``; also when only one of the addresses that the name stands for is closed.
    package func check(_ text: String) async throws(TargetFailure) -> CheckedTarget {
        let url = try TargetURL(text)
        let found = try await addresses(of: url)
        guard let first = found.first else { throw .unresolved }
        guard found.allSatisfy(addresses.allows) else { throw .notPublic }
        guard url.isEncrypted || found.allSatisfy(AddressGuard.isLoopback) else { throw .notEncrypted }
        return CheckedTarget(url: url, address: first)
    }

    private func addresses(of url: TargetURL) async throws(TargetFailure) -> [IPAddress] {
        if let literal = url.literal { return [literal] }
        if url.isLocalName {
            guard addresses.allowsLoopback, url.isLocalhost else { throw .notPublic }
            return [.v4(0x7F00_0001)]
        }
        guard url.isEncrypted else { throw .notEncrypted }
        return await resolver.addresses(of: url.host)
    }
}
