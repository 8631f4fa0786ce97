import ConnectorKit
import Domain

/// Drives __Name__.
///
/// It never decides what becomes of a refund: it says what it heard, and the engine decides.
package struct __Name__Connector: Connector {
    package let name = "__name__"
    package let capabilities = __Name__Connector.knownCapabilities

    package init() {}
}
