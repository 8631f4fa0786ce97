import ConnectorKit
import CoreMetrics
import Domain
import Engine
import Rows
import Storage

/// How things stand in the database, read when somebody asks, and the ledger's balance, added up from time to time.
struct StandingMetrics: Sendable {
    private typealias Name = ServerMetrics.Name

    /// Between two sums of the whole journal, which reads all of it.
    static let ledgerPause = Duration.seconds(900)

    let store: any Books
    let engine: Engine
    let factory: any MetricsFactory

    /// Reads what is cheap to read.
    func refresh() async {
        do {
            try await refreshRefunds()
            try await refreshOverdue()
            meter(Name.storage).set(1)
        } catch {
            meter(Name.storage).set(0)
        }
    }

    private func refreshRefunds() async throws(StoreFailure) {
        let counts = try await store.unsettledRefunds()
        // Also those that there are none of: what vanished would stand as it was.
        for status in RefundStatus.allCases where status.hold == .reserved {
            meter(Name.refunds, ("status", status.rawValue)).set(counts[status] ?? 0)
        }
    }

    private func refreshOverdue() async throws(StoreFailure) {
        let now = engine.execution.moment
        var kinds: [(String, DueWork.Kind)] = [("approvals", .refundsToApprove), ("payments", .payments)]
        for connector in engine.connectors.all {
            kinds.append(("send_\(connector.name)", .refundsToSend(connector: connector.name)))
            kinds.append(("follow_\(connector.name)", .refundsToFollow(connector: connector.name)))
        }
        for (work, kind) in kinds { set(work, try await store.nextDue(kind), now) }
        set("webhooks", try await store.webhookWork().compactMap(\.nextDue).min(), now)
    }

    private func set(_ work: String, _ due: Moment?, _ now: Moment) {
        let waited = due.map { max(0, now.milliseconds - $0.milliseconds) } ?? 0
        meter(Name.overdue, ("work", work)).set(Double(waited) / 1000)
    }

    /// Adds the ledger up, again and again, until the task is cancelled.
    func watchLedger() async {
        while !Task.isCancelled {
            if let found = try? await store.imbalances(of: nil) {
                meter(Name.imbalances).set(found.count)
                meter(Name.ledgerChecked).set(Double(engine.time.wall.milliseconds) / 1000)
            }
            try? await engine.time.sleep(for: Self.ledgerPause)
        }
    }

    private func meter(_ name: String, _ labels: (String, String)...) -> Meter {
        Meter(label: name, dimensions: labels, factory: factory)
    }
}
