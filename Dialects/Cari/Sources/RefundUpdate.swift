import DialectKit
import Domain
import Engine
import Storage

extension CariDialect {
    /// Money states follow the money: of a status that the refund does not have, only `canceled` can be asked for.
    func set(
        _ status: RefundWord,
        of name: ObjectName,
        _ context: RequestContext
    ) async throws(Refusal) -> RefundDetails {
        let known = try await refund(name, context)
        if RefundWord(known.refund.status) == status { return known }
        guard status == .canceled else { throw .engine(.rejected(.statusNotSettable(known.refund.status))) }
        do {
            return try await context.perform(CancelRefund(origin: context.origin, refund: name))
        } catch {
            // Somebody else may have canceled it since it was read.
            guard case .engine(.rejected(.alreadySent)) = error else { throw error }
            let changed = try await refund(name, context)
            guard RefundWord(changed.refund.status) == status else { throw error }
            return changed
        }
    }
}
