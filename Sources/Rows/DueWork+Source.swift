import Domain
import Storage

extension DueWork.Kind {
    /// What stands for the question marks of ``source``.
    package var arguments: [StoredValue] {
        switch self {
        case .refundsToSend(let connector), .refundsToFollow(let connector): [.text(connector)]
        case .deliveries(let book, let endpoint): [.book(book), .id(endpoint)]
        case .refundsToApprove, .refundsInFlight, .payments, .deliveriesInFlight: []
        }
    }

    /// The table and the condition of the index that holds this work in the order of its time.
    package var source: String {
        switch self {
        case .refundsToSend: "refund WHERE status = 'queued' AND due_at IS NOT NULL AND connector = ?"
        case .refundsToFollow:
            """
            refund WHERE status <> 'queued' AND status <> 'awaiting_approval' AND due_at IS NOT NULL AND connector = ?
            """
        case .refundsToApprove: "refund WHERE status = 'awaiting_approval' AND due_at IS NOT NULL"
        case .refundsInFlight: "refund WHERE status = 'dispatching' AND due_at IS NOT NULL"
        case .payments: "payment WHERE due_at IS NOT NULL"
        case .deliveries: "delivery WHERE book = ? AND endpoint = ? AND due_at IS NOT NULL"
        case .deliveriesInFlight: "delivery WHERE state = 'sending' AND due_at IS NOT NULL"
        }
    }
}
