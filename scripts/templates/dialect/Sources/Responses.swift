import DialectKit
import Domain
import Storage

// What is answered. Members and their order are the vendor's.

extension JSONValue {
    static func refund(_ details: RefundDetails) -> JSONValue {
        let refund = details.refund
        return .members(
            ("id", .string(details.names.text(refund.id.raw, ObjectID.refund))),
            ("payment", .string(details.names.text(refund.payment.raw, ObjectID.payment))),
            ("amount", .integer(refund.amount)),
            ("currency", .string(refund.currency.code)),
            ("status", .string(RefundWord(refund.status).rawValue)),
            ("created", .integer(refund.createdAt.seconds))
        )
    }
}

/// What __Name__ calls the status of a refund (`docs/reference/lifecycle.md`). On the wire a refund never steps back.
enum RefundWord: String {
    case pending
    case succeeded
    case failed

    init(_ status: RefundStatus) {
        switch status {
        case .awaitingApproval, .queued, .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview:
            self = .pending
        case .succeeded: self = .succeeded
        case .failed, .canceled, .reversed: self = .failed
        }
    }
}
