import Domain
import Storage

/// Adds links to a book's chain, if it still ends where they begin and nobody else is at work on it.
package struct ChainAudit: Command {
    /// Where the chain ended when the links were made.
    package let head: AuditHead
    package let links: [AuditEntry]

    package init(after head: AuditHead, _ links: [AuditEntry]) {
        self.head = head
        self.links = links
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.auditHeads = [head.book]
        return footprint
    }

    /// - Returns: whether they were added.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Bool> {
        guard set.auditHead(of: head.book) == head else { return Decision([], false) }
        return Decision(links.map { .insert(.auditEntry($0)) }, true)
    }
}
