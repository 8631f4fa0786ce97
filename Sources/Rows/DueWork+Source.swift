import Domain
import Storage

extension DueWork {
    /// What stands for the question marks of ``source``.
    package var arguments: [StoredValue] {
        guard kind.isByClock, let book else { return kind.arguments }
        return kind.arguments + [.book(book)]
    }

    /// The table and the condition of the index that holds this work in the order of its time.
    package var source: String {
        let source = kind.table + " WHERE " + kind.condition
        guard kind.isByClock else { return source }
        return source + (book == nil ? " AND on_clock = 0" : " AND book = ? AND on_clock = 1")
    }
}

extension DueWork.Kind {
    /// What stands for the question marks of ``source``.
    package var arguments: [StoredValue] {
        switch self {
        case .refundsToSend(let connector), .refundsToFollow(let connector): [.text(connector)]
        case .deliveries(let book, let endpoint): [.book(book), .id(endpoint)]
        case .refundsToApprove, .refundsInFlight, .payments, .deliveriesInFlight: []
        }
    }

    /// Of books that live by the true time.
    package var source: String { DueWork(self, at: Moment(milliseconds: 0), limit: 1).source }

    fileprivate var table: String {
        switch self {
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight: "refund"
        case .payments: "payment"
        case .deliveries, .deliveriesInFlight: "delivery"
        }
    }

    fileprivate var condition: String {
        switch self {
        case .refundsToSend: "status = 'queued' AND due_at IS NOT NULL AND connector = ?"
        case .refundsToFollow:
            "status <> 'queued' AND status <> 'awaiting_approval' AND due_at IS NOT NULL AND connector = ?"
        case .refundsToApprove: "status = 'awaiting_approval' AND due_at IS NOT NULL"
        case .refundsInFlight: "status = 'dispatching' AND due_at IS NOT NULL"
        case .payments: "due_at IS NOT NULL"
        case .deliveries: "book = ? AND endpoint = ? AND due_at IS NOT NULL"
        case .deliveriesInFlight: "state = 'sending' AND due_at IS NOT NULL"
        }
    }

    /// Whether a row says itself by which clock it is due. Deliveries are an endpoint's, and so a book's.
    fileprivate var isByClock: Bool {
        switch self {
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight, .payments: true
        case .deliveries, .deliveriesInFlight: false
        }
    }
}
