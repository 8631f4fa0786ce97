import ConnectorKit
import Domain
import Storage

/// Writes down what a processor told without being asked. It is a hint: the refund is asked about at once.
package struct RecordNotification: Command {
    package let notification: ProcessorNotification

    package init(_ notification: ProcessorNotification) {
        self.notification = notification
    }

    private var name: ObjectName { ObjectName(.refund, notification.refund.raw, in: notification.book) }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.attempted = [name]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard let move = RefundMove(name, in: set) else { throw .notFound(.refund, text: "") }
        var hearing = Hearing(move: move, attempt: nil, source: .notification, set, context)
        hearing.hear(notification.answer, &context)
        return Decision(hearing.changes, ())
    }
}
