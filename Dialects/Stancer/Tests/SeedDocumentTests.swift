import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

@testable import StancerDialect

/// The lines of the vendor's page on refunds, as printed but for host and credentials, and the answers it shows.
struct SeedDocumentTests {
    private static let payment = "paym_sS1sXwDuaqGTjuQ7DY4BBNaI"
    private static let refund = "refd_o6Y1oZinbl9lErB24OSQCAKl"
    private static let printedBody = """
        {
        "payment": "paym_sS1sXwDuaqGTjuQ7DY4BBNaI",
        "amount": 50
        }
        """
    private static let json = ["Content-Type": "application/json"]

    /// A merchant whose objects came from the vendor under the printed ids.
    private func withPrintedObjects(_ body: @Sendable @escaping (Merchant) async throws -> Void) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.payElsewhere(10_000)
            let refund = try await merchant.refund(payment, 50)
            try await name(merchant, .payment, ObjectID.payment.id(payment), Self.payment)
            try await name(merchant, .refund, ObjectID.refund.id(refund), Self.refund)
            try await body(merchant)
        }
    }

    private func name(_ merchant: Merchant, _ kind: ObjectKind, _ id: UInt128?, _ text: String) async throws {
        let object = ObjectName(kind, try #require(id), in: try merchant.origin("stancer").book)
        let spelling = Spelling(dialect: "stancer", text: text)
        try await merchant.server.engine.perform(NameObject(object: object, spelling: spelling))
    }

    private func expectPrintedMembers(_ refund: JSONValue) {
        #expect(refund["payment"]?.string == Self.payment)
        #expect(refund["amount"]?.integer == 50)
        #expect(refund["live_mode"]?.bool == false)
        #expect(refund["created"]?.integer != nil)
        #expect(refund["currency"]?.string == "usd")
        #expect(
            refund.names == [
                "amount", "created", "currency", "date_bank", "date_refund", "id", "live_mode", "payment", "status",
            ]
        )
    }

    // MARK: - Create a refund

    @Test func `the printed line creates a refund through the prefix`() async throws {
        try await withPrintedObjects { merchant in
            let answer = try await merchant.post("/v1/refunds/", Self.printedBody, headers: Self.json)
            #expect(answer.status == 200)
            expectPrintedMembers(try answer.json)
        }
    }

    @Test func `the printed line creates a refund with credentials alone`() async throws {
        try await withPrintedObjects { merchant in
            let answer = try await merchant.server.send(
                .post,
                "/v1/refunds/",
                authorization: merchant.authorization,
                headers: Self.json,
                body: Self.printedBody
            )
            #expect(answer.status == 200)
            expectPrintedMembers(try answer.json)
        }
    }

    @Test func `the printed line creates a refund at the vendor's host`() async throws {
        try await withPrintedObjects { merchant in
            let fields: HTTPFields = [.contentType: "application/json"]
            let answer = try await merchant.sendToHost(
                .post,
                "/v1/refunds/",
                Array(Self.printedBody.utf8),
                fields: fields
            )
            #expect(answer.status == .ok)
            expectPrintedMembers(try answer.json)
        }
    }

    @Test func `the printed line as it stands carries no credentials`() async throws {
        try await withPrintedObjects { merchant in
            let answer = try await merchant.server.send(
                .post,
                "/v1/refunds/",
                headers: Self.json,
                body: Self.printedBody
            )
            #expect(answer.status == 401)
            #expect(try answer.message == "You are not authorized to access that resource")
        }
    }

    @Test func `without the optional amount the whole payment is refunded`() async throws {
        try await withPrintedObjects { merchant in
            let answer = try await merchant.post("/v1/refunds/", #"{"payment": "\#(Self.payment)"}"#)
            #expect(try answer.json["amount"]?.integer == 9950)
        }
    }

    // MARK: - Get refund data

    @Test func `the printed line reads the printed refund`() async throws {
        try await withPrintedObjects { merchant in
            let path = "/v1/refunds/\(Self.refund)"
            let byPrefix = try await merchant.get(path)
            let byKey = try await merchant.server.send(.get, path, authorization: merchant.authorization)
            let byHost = try await merchant.sendToHost(.get, path)
            #expect(byPrefix.status == 200)
            #expect(byKey.body == byPrefix.body)
            #expect(byHost.text == byPrefix.text)
            #expect(try byPrefix.json["id"]?.string == Self.refund)
            expectPrintedMembers(try byPrefix.json)
        }
    }

    @Test func `printed ids are 29 characters long, as ours are`() {
        #expect(Self.refund.count == 29)
        #expect(Self.payment.count == 29)
        #expect(ObjectID.refund.text(.max).count == 29)
    }

    // MARK: - Objects that came with ids of their own

    @Test func `an object is shown under the id it came with, everywhere`() async throws {
        try await withPrintedObjects { merchant in
            let payment = try await merchant.get("/v1/checkout/\(Self.payment)").json
            #expect(payment["id"]?.string == Self.payment)
            let inner = payment["refunds"]?.array?.first
            #expect(inner?["id"]?.string == Self.refund)
            #expect(inner?["payment"]?.string == Self.payment)
            let payments = try await merchant.get("/v1/checkout/").ids("payments")
            #expect(payments == [Self.payment])
            let refunds = try await merchant.get("/v1/refunds/").ids("refunds")
            #expect(refunds == [Self.refund])
            let changed = try await merchant.patch("/v1/checkout/\(Self.payment)", #"{"order_id":"o-1"}"#).json
            #expect(changed["id"]?.string == Self.payment)
            #expect(changed["refunds"]?.array?.first?["id"]?.string == Self.refund)
        }
    }

    @Test func `an object can still be named by its own id`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#).made()
            try await name(merchant, .customer, ObjectID.customer.id(id), "cust_abcdefghijklmnopqrstuvwx")
            for text in [id, "cust_abcdefghijklmnopqrstuvwx"] {
                let answer = try await merchant.get("/v1/customers/\(text)")
                #expect(try answer.json["id"]?.string == "cust_abcdefghijklmnopqrstuvwx")
            }
        }
    }

    @Test func `cards and customers of a payment are shown under the ids they came with`() async throws {
        try await withMerchant { merchant in
            let card = try await merchant.post("/v1/cards/", Merchant.card(Merchant.plainCard)).made()
            let customer = try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#).made()
            try await name(merchant, .card, ObjectID.card.id(card), "card_old")
            try await name(merchant, .customer, ObjectID.customer.id(customer), "cust_old")
            let made = try await merchant.post(
                "/v1/checkout/",
                #"{"amount":100,"currency":"eur","card":"card_old","customer":"cust_old"}"#
            )
            let later = try await merchant.post("/v1/checkout/", #"{"amount":100,"currency":"eur"}"#).made()
            let changed = try await merchant.patch(
                "/v1/checkout/\(later)",
                #"{"card":"card_old","customer":"cust_old"}"#
            )
            for answer in [made, changed, try await merchant.get("/v1/checkout/\(later)")] {
                #expect(try answer.json["card"]?["id"]?.string == "card_old")
                #expect(try answer.json["customer"]?["id"]?.string == "cust_old")
            }
        }
    }

    @Test func `a duplicate is named by the id it came with`() async throws {
        try await withMerchant { merchant in
            let cardBody = Merchant.card(Merchant.plainCard)
            let customerBody = #"{"email":"a@example.com"}"#
            let paymentBody = #"{"amount":100,"currency":"eur","unique_id":"u-1"}"#
            let card = try await merchant.post("/v1/cards/", cardBody).made()
            let customer = try await merchant.post("/v1/customers/", customerBody).made()
            let payment = try await merchant.post("/v1/checkout/", paymentBody).made()
            try await name(merchant, .card, ObjectID.card.id(card), "card_old")
            try await name(merchant, .customer, ObjectID.customer.id(customer), "cust_old")
            try await name(merchant, .payment, ObjectID.payment.id(payment), "paym_old")
            for (path, body, id) in [
                ("/v1/cards/", cardBody, "card_old"), ("/v1/customers/", customerBody, "cust_old"),
                ("/v1/checkout/", paymentBody, "paym_old"),
            ] {
                let answer = try await merchant.post(path, body)
                #expect(answer.status == 409)
                #expect(try answer.conflict.id == id)
            }
        }
    }
}

/// Gives an object an id that came from elsewhere.
private struct NameObject: Command {
    let object: ObjectName
    let spelling: Spelling

    var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [object]
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Void> {
        guard let id = set.id(object) else { throw .notFound(object.kind, text: spelling.text) }
        let reference = ObjectReference(object.kind, id)
        var changes: [Change] = [
            .insert(.alias(Alias(book: object.book, spelling: spelling, object: reference)))
        ]
        if var payment = set.payment(object), object.kind == .payment {
            payment.aliased = true
            changes.append(.update(.payment(payment)))
        }
        if var refund = set.refund(object), object.kind == .refund {
            refund.aliased = true
            changes.append(.update(.refund(refund)))
        }
        return Decision(changes, ())
    }
}
