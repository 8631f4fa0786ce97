import Domain

/// One thing that a decision does to the rows.
package enum Change: Sendable {
    case insert(WorkingRow)
    case update(WorkingRow)
}

package enum WorkingRow: Sendable {
    case payment(Payment)
    case refund(Refund)
    case customer(Customer)
    case card(Card)
    case pot(Pot)
    case dispute(Dispute)
    case attempt(Attempt)
    case facet(Facet)
    case note(Note)
    case person(Person)
    case capture(Capture)
    case evidence(Evidence)
    case entry(LedgerEntry)
    case event(Event)
    case alias(Alias)
    case idempotency(IdempotencyRecord)
    case account(Account)
    case apiKey(APIKey)
    case act(AuditAct)
    case auditEntry(AuditEntry)
    case webhookEndpoint(WebhookEndpoint)
    case webhookMark(WebhookMark)
    case delivery(Delivery)
    case deliveryAttempt(DeliveryAttempt)
    case bookClock(BookClock)
}
