import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import Webhooks

/// Storno's own API, under `/storno/v1`.
package struct StornoDialect: Dialect {
    package var routes: [Route] {
        #if Benchmarking
        resources + benchmarkRoutes
        #else
        resources
        #endif
    }

    private var resources: [Route] {
        [
            Route(.get, "/v1/payments", scope: "payments:read", handler: listPayments),
            Route(.post, "/v1/payments", scope: "payments:write", handler: createPayment),
            Route(.get, "/v1/payments/search", scope: "payments:read") { context throws(Refusal) in
                try await search(context, .payment)
            },
            Route(.get, "/v1/payments/{id}", scope: "payments:read", handler: readPayment),
            Route(.get, "/v1/payments/{id}/captures", scope: "payments:read", handler: listCaptures),
            Route(.post, "/v1/payments/{id}/capture", scope: "payments:write", handler: capturePayment),

            Route(.post, "/v1/refund_quotes", scope: "refunds:read", handler: quoteRefund),
            Route(.get, "/v1/refunds", scope: "refunds:read", handler: listRefunds),
            Route(.post, "/v1/refunds", scope: "refunds:write", handler: createRefund),
            Route(.post, "/v1/refunds/batch", scope: "refunds:write", handler: createRefunds),
            Route(.get, "/v1/refunds/search", scope: "refunds:read") { context throws(Refusal) in
                try await search(context, .refund)
            },
            Route(.get, "/v1/refunds/{id}", scope: "refunds:read", handler: readRefund),
            Route(.post, "/v1/refunds/{id}/cancel", scope: "refunds:write", handler: cancelRefund),
            Route(.post, "/v1/refunds/{id}/approve", scope: "refunds:approve", handler: approveRefund),
            Route(.post, "/v1/refunds/{id}/reject", scope: "refunds:approve", handler: rejectRefund),
            Route(.post, "/v1/refunds/{id}/retry", scope: "refunds:write", handler: retryRefund),
            Route(.get, "/v1/refunds/{id}/attempts", scope: "refunds:read", handler: listAttempts),
            Route(.get, "/v1/refunds/{id}/evidence", scope: "refunds:read", handler: listEvidence),

            // Shows what the key may read.
            Route(.get, "/v1/search", scope: "search:read") { context throws(Refusal) in
                try await search(context, nil)
            },

            Route(.get, "/v1/disputes", scope: "disputes:read", handler: listDisputes),
            Route(.get, "/v1/disputes/search", scope: "disputes:read") { context throws(Refusal) in
                try await search(context, .dispute)
            },
            Route(.get, "/v1/disputes/{id}", scope: "disputes:read", handler: readDispute),

            Route(.get, "/v1/customers", scope: "customers:read", handler: listCustomers),
            Route(.post, "/v1/customers", scope: "customers:write", handler: createCustomer),
            Route(.get, "/v1/customers/search", scope: "customers:read") { context throws(Refusal) in
                try await search(context, .customer)
            },
            Route(.get, "/v1/customers/{id}", scope: "customers:read", handler: readCustomer),
            Route(.patch, "/v1/customers/{id}", scope: "customers:write", handler: updateCustomer),
            Route(.delete, "/v1/customers/{id}", scope: "customers:write", handler: deleteCustomer),

            Route(.get, "/v1/pots", scope: "pots:read", handler: listPots),
            Route(.post, "/v1/pots", scope: "pots:write", handler: createPot),
            Route(.get, "/v1/pots/search", scope: "pots:read") { context throws(Refusal) in
                try await search(context, .pot)
            },
            Route(.get, "/v1/pots/{id}", scope: "pots:read", handler: readPot),

            Route(.get, "/v1/events", scope: "events:read", handler: listEvents),
            Route(.get, "/v1/events/stream", scope: "events:read", handler: streamEvents),
            Route(.get, "/v1/events/{id}", scope: "events:read", handler: readEvent),

            Route(.get, "/v1/request_logs", scope: "logs:read", isLogged: false, handler: listRequestLogs),
            Route(.get, "/v1/request_logs/stream", scope: "logs:read", isLogged: false, handler: streamRequestLogs),

            Route(.get, "/v1/api_keys", scope: "keys:read", handler: listKeys),
            Route(.post, "/v1/api_keys", scope: "keys:write", handler: createKey),
            Route(.get, "/v1/api_keys/{id}", scope: "keys:read", handler: readKey),
            Route(.post, "/v1/api_keys/{id}/revoke", scope: "keys:write", handler: revokeKey),

            Route(.get, "/v1/audit_entries", scope: "audit:read", handler: listAuditEntries),
            Route(.get, "/v1/audit_head", scope: "audit:read", handler: readAuditHead),

            Route(.get, "/v1/webhook_endpoints", scope: "webhooks:read", handler: listWebhooks),
            Route(.post, "/v1/webhook_endpoints", scope: "webhooks:write", handler: createWebhook),
            Route(.get, "/v1/webhook_endpoints/{id}", scope: "webhooks:read", handler: readWebhook),
            Route(.patch, "/v1/webhook_endpoints/{id}", scope: "webhooks:write", handler: updateWebhook),
            Route(.delete, "/v1/webhook_endpoints/{id}", scope: "webhooks:write", handler: deleteWebhook),
            Route(.post, "/v1/webhook_endpoints/{id}/rotate_secret", scope: "webhooks:write", handler: rotateSecret),
            Route(.post, "/v1/webhook_endpoints/{id}/ping", scope: "webhooks:write", handler: pingWebhook),
            Route(.post, "/v1/webhook_endpoints/{id}/replay", scope: "webhooks:write", handler: replayEvents),
            Route(.get, "/v1/webhook_endpoints/{id}/deliveries", scope: "webhooks:read", handler: listDeliveries),
            Route(.get, "/v1/deliveries/{id}", scope: "webhooks:read", handler: readDelivery),
            Route(.post, "/v1/deliveries/{id}/resend", scope: "webhooks:write", handler: resendDelivery),
            Route(.get, "/v1/balances", scope: "ledger:read", handler: listBalances),
            Route(.get, "/v1/ledger_entries", scope: "ledger:read", handler: listEntries),

            Route(.get, "/v1/test_clock", scope: "clock:read", handler: readClock),
            Route(.post, "/v1/test_clock/freeze", scope: "clock:write", handler: freezeClock),
            Route(.delete, "/v1/test_clock", scope: "clock:write", handler: resumeClock),
            Route(.post, "/v1/test_clock/advance", scope: "clock:write", handler: advanceClock),
        ]
    }

    package let name = "storno"
    package let hosts: [String] = []
    package var document: StaticString { Embedded.openapi }

    /// The other APIs that keys can be made for.
    let vendors: [any Dialect]
    let random: @Sendable () -> any RandomNumberGenerator & Sendable

    /// - Parameter random: makes keys: nobody must be able to guess what it gives.
    package init(
        besides vendors: [any Dialect],
        random: @Sendable @escaping () -> any RandomNumberGenerator & Sendable
    ) {
        self.vendors = vendors
        self.random = random
    }

    package var eventRenderer: (any EventRenderer)? { StornoEventRenderer() }
}
