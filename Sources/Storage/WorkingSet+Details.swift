import Domain

extension WorkingSet {
    /// Everything that an answer about a payment shows. Only for payments named in `Footprint.detailed`.
    package func details(of payment: Payment, dialect: String) -> PaymentDetails {
        let customer = payment.customer.flatMap { customers[$0] }
        let card = payment.card.flatMap { cards[$0] }
        let reference = ObjectReference(.payment, payment.id.raw)
        return PaymentDetails(
            payment: payment,
            card: card.map { CardDetails(card: $0, holder: $0.holder.flatMap { persons[$0] }, names: names) },
            customer: customer.map {
                CustomerDetails(customer: $0, person: $0.person.flatMap { persons[$0] }, names: names)
            },
            payer: payment.payer.flatMap { persons[$0] },
            refunds: refunds(of: payment.id),
            facet: facets[FacetKey(payment.book, dialect, reference)],
            notes: notesOf(reference, in: payment.book),
            names: names
        )
    }

    package func details(of refund: Refund, dialect: String) -> RefundDetails {
        let reference = ObjectReference(.refund, refund.id.raw)
        return RefundDetails(
            refund: refund,
            paymentCaptured: payments[refund.payment]?.captured ?? 0,
            comment: notes[NoteKey(refund.book, reference, "comment")]?.text,
            isHidden: facets[FacetKey(refund.book, dialect, reference)]?.hiddenAt != nil,
            names: names
        )
    }

    private func notesOf(_ object: ObjectReference, in book: Book) -> [String: String] {
        var texts: [String: String] = [:]
        for name in Note.names {
            if let note = notes[NoteKey(book, object, name)] { texts[name] = note.text }
        }
        return texts
    }
}
