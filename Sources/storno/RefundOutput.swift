import Domain
import Foundation
import Server

/// Refunds for people.
enum RefundOutput {
    static func show(_ refunds: [(Refund, RefundSummary)]) throws {
        let rows = refunds.map { refund, summary in
            [
                summary.id, summary.account, summary.mode, summary.status,
                MoneyText.text(refund.amount, refund.currency),
                summary.created, summary.due ?? "",
            ]
        }
        try TableOutput.show(["id", "account", "mode", "status", "amount", "created", "next"], rows, asJSON: false)
    }

    static func show(_ report: RefundReport) throws {
        let refund = report.refund
        let amounts = ["captured", "reserved", "refunded", "disputed", "excess", "refundable"]
            .map { "\($0) \(report.money(report.payment[$0] ?? 0))" }
        line("refund", refund.id)
        line("account", "\(refund.account), \(refund.mode)")
        line("status", refund.status)
        line("amount", report.money(refund.amount))
        line("created", refund.created)
        line("next check", refund.due ?? "none")
        line("payment", refund.payment)
        line("", amounts.joined(separator: ", "))
        for (name, text) in report.details.sorted(by: { $0.key < $1.key }) {
            line(name.replacing("_", with: " "), text)
        }
        for (name, text) in report.notes.sorted(by: { $0.key < $1.key }) { line("note: \(name)", text) }
        try table("What was sent", ["number", "started", "ended", "outcome", "key"], report.attempts)
        let evidence = ["arrived", "source", "claim", "attempt", "amount", "reference", "failure", "processor_time"]
        try table("What was heard", evidence, report.evidence)
        try table("What happened", ["number", "at", "type", "actor"], report.events)
    }

    private static func line(_ name: String, _ text: String) {
        print(name.padding(toLength: 20, withPad: " ", startingAt: 0) + text)
    }

    private static func table(_ title: String, _ columns: [String], _ rows: [[String: String]]) throws {
        print("\n\(title)\(rows.isEmpty ? ": nothing yet" : "")")
        if !rows.isEmpty {
            try TableOutput.show(columns, rows.map { row in columns.map { row[$0] ?? "" } }, asJSON: false)
        }
    }
}
