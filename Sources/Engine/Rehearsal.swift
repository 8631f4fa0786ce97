import Domain
import Storage

/// Decides history as if, and remembers what it would have written, so that later rows see it. Nothing is written.
///
/// It keeps the payments and refunds of its book that it would have made or changed: some hundred bytes each.
package struct Rehearsal: Sendable {
    private let book: Book
    private var payments: [Payment.ID: Payment] = [:]
    private var refunds: [Payment.ID: [Refund]] = [:]
    private var refundsByID: [UInt128: Refund] = [:]
    private var names: [Name: UInt128] = [:]
    private var references: [NaturalKey: UInt128] = [:]
    private var context: DecisionContext

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
        for name in footprint.objects.union(footprint.contested) where set.id(name) == nil {
            guard let spelling = name.spelling, let id = names[Name(kind: name.kind, spelling: spelling)] else {
                continue
            }
            set.resolve(name, to: id)
            if let refund = refundsByID[id] { set.load(.refund(refund)) }
        }
        for name in footprint.contested {
            guard let id = set.id(name).map({ Payment.ID($0) }) else { continue }
            if let payment = payments[id] {
                if set.payments[id] == nil {
                    set.load(.payment(payment))
                } else {
                    set.apply(.update(.payment(payment)))
                }
            }
            let later = refunds[id] ?? []
            let known = set.refunds(of: id).map(\.id)
            for refund in later { set.load(.refund(refund)) }
            set.setRefunds(known + later.map(\.id).filter { !known.contains($0) }, of: id)
        }
        for name in footprint.objects {
            if let id = set.id(name), let payment = payments[Payment.ID(id)] { set.load(.payment(payment)) }
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
            refunds[refund.payment, default: []].append(refund)
            refundsByID[refund.id.raw] = refund
        case .insert(.alias(let alias)):
            names[Name(kind: alias.object.kind, spelling: alias.spelling)] = alias.object.id
        case .insert, .update: break
        }
    }
}
