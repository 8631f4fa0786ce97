import Domain
import Engine
import Outbound

/// Looks at an endpoint's address by the same guard that stands before each call.
package struct OutboundCheck: TargetCheck {
    private let targets: TargetGuard

    package init(_ targets: TargetGuard) {
        self.targets = targets
    }

    package func refusal(of url: String) async -> TargetRefusal? {
        do throws(TargetFailure) {
            _ = try await targets.check(url)
            return nil
        } catch {
            switch error {
            case .malformed(let reason): return .malformed(reason)
            case .notEncrypted: return .notEncrypted
            case .notPublic: return .notPublic
            case .unresolved: return nil
            }
        }
    }
}
