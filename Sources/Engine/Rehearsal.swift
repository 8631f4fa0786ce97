import Domain
import Storage

/// Decides history as if, and remembers what it would have written, so that later rows see it. Nothing is written.
///
/// It keeps the payments and refunds of its book that it would have made or changed: some hundred bytes each.
package struct Rehearsal: Sendable {
    private let book: Book
    private var payments: [Payment.ID: Payment] = [:]
    private var refunds: [UInt128: Refund] = [:]
    private var found: [Finding: UInt128] = [:]
    private var names: [Name: UInt128] = [:]
    private var references: [NaturalKey: UInt128] = [:]
    private var context: DecisionContext

    private struct Finding: Hashable {
        let payment: Payment.ID
        let reference: String
    }

    private struct Name: Hashable {
        let kind: ObjectKind
        let spelling: Spelling
    }

    package init(_ book: Book, _ context: DecisionContext) {
        self.book = book
        self.context = context
    }

    /// - Parameter set: the command's footprint as the database has it.
    package mutating func outcome<C: Command>(
        of command: C,
        _ set: WorkingSet
    ) throws(EngineFailure) -> C.Outcome {
        var set = set
        set.moment = context.moment
        lay(over: &set, command.footprint)
        let decision = try command.decide(set, &context)
        for change in decision.changes { keep(change) }
        for change in decision.changes { set.apply(change) }
        return decision.conclude(&set)
    }

    private func lay(over set: inout WorkingSet, _ footprint: Footprint) {
        let payments = Set(footprint.found.map(\.payment))
        for name in footprint.objects.union(payments) where set.id(name) == nil {
            guard let spelling = name.spelling, let id = names[Name(kind: name.kind, spelling: spelling)] else {
                continue
            }
            set.resolve(name, to: id)
            if let refund = refunds[id] { set.load(.refund(refund)) }
        }
        for name in payments {
            guard let id = set.id(name).map({ Payment.ID($0) }), let payment = self.payments[id] else { continue }
            if set.payments[id] == nil {
                set.load(.payment(payment))
            } else {
                set.apply(.update(.payment(payment)))
            }
        }
        for found in footprint.found {
            guard let payment = set.id(found.payment).map({ Payment.ID($0) }),
                let id = self.found[Finding(payment: payment, reference: found.reference)],
                let refund = refunds[id]
            else { continue }
            set.load(.refund(refund))
        }
        for name in footprint.objects {
            if let id = set.id(name), let payment = self.payments[Payment.ID(id)] { set.load(.payment(payment)) }
        }
        for key in footprint.naturalKeys {
            if let id = references[key] { set.resolve(key, to: id) }
        }
    }

    private mutating func keep(_ change: Change) {
        switch change {
        case .insert(.payment(let payment)), .update(.payment(let payment)):
            payments[payment.id] = payment
            if let reference = payment.processorReference {
                let account = payment.connectorAccount
                references[.processorReference(book, payment.connector, account, reference)] = payment.id.raw
            }
        case .insert(.refund(let refund)):
            refunds[refund.id.raw] = refund
            if let reference = refund.processorReference {
                found[Finding(payment: refund.payment, reference: reference)] = refund.id.raw
            }
        case .insert(.alias(let alias)):
            names[Name(kind: alias.object.kind, spelling: alias.spelling)] = alias.object.id
        case .insert, .update: break
        }
    }
}
