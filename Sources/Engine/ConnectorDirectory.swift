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

    /// Those that tell of changes by themselves, by name.
    package var notifying: [(name: String, source: any Notifying)] {
        byName.sorted { $0.key < $1.key }
            .compactMap { name, connector in (connector as? any Notifying).map { (name, $0) } }
    }

    /// In the order of their names.
    package var all: [any Connector] { byName.sorted { $0.key < $1.key }.map(\.value) }

    package func connector(named name: String) -> (any Connector)? { byName[name] }

    package func connector(for mode: Mode) -> (any Connector)? { byMode[mode].flatMap { byName[$0] } }

    /// The name of the connector that payments of a mode go to.
    package func name(for mode: Mode) -> String? { byMode[mode] }

    package func taking(_ mode: Mode) -> (any Connector & PaymentTaking)? {
        connector(for: mode) as? any Connector & PaymentTaking
    }
}
