import ConnectorKit
import Domain

/// Which connectors there are, and which one new payments of a mode go to.
package struct ConnectorDirectory: Sendable {
    private let byName: [String: any Connector]
    private let byMode: [Mode: String]

    /// - Parameter defaults: the connector's name for each mode that has one.
    package init(_ connectors: [any Connector], defaults: [Mode: String]) {
        byName = Dictionary(uniqueKeysWithValues: connectors.map { ($0.name, $0) })
        byMode = defaults
    }

    package func connector(named name: String) -> (any Connector)? { byName[name] }

    package func connector(for mode: Mode) -> (any Connector)? { byMode[mode].flatMap { byName[$0] } }

    package func taking(_ mode: Mode) -> (any Connector & PaymentTaking)? {
        connector(for: mode) as? any Connector & PaymentTaking
    }
}
