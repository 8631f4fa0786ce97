import ConnectorKit

extension __Name__Connector {
    /// Owed: what the processor's documentation says. Until then an order's absence proves nothing for a minute.
    static let knownCapabilities = ConnectorCapabilities(
        certainty: .queryable,
        dispatchDelay: .zero,
        visibilityDelay: .seconds(60),
        callTimeout: .seconds(30),
        pollInterval: .seconds(60)
    )
}
