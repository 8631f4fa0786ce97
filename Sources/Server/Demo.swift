import DialectKit
import Domain
import Engine
import Storage

/// The account that `make serve` starts with: fixed test-mode keys that are no secret, and the objects of the
/// vendors' documents under their printed ids.
package enum Demo {
    package static let account = "demo"

    package static let keys: [(dialect: String, text: String)] = [
        ("cari", "sk_test_DemoKeyNotSecret0000000000000000"),
        ("collctiv", "clv_test_DemoKeyNotSecret0000000000000000"),
        ("stancer", "stest_DemoKeyNotSecret00000000"),
        ("storno", "storno_test_DemoKeyNotSecret0000000000000000"),
    ]

    /// Everybody knows the demo keys: nobody but this machine may reach a server that takes them.
    static func refuseInPublic(_ settings: Settings, _ directory: Directory) throws {
        guard !settings.isLoopback else { return }
        if settings.isDemo {
            throw SettingsFailure(name: "host", reason: "--demo is for this machine alone; use 127.0.0.1")
        }
        if let key = keys.first(where: { directory.key(for: $0.text) != nil }) {
            throw SettingsFailure(
                name: "host",
                reason: "the database takes the demo key \(key.text), which everybody knows; "
                    + "run `storno keys revoke \(key.text)` for each demo key, or stay on 127.0.0.1"
            )
        }
    }

    /// Makes what is not there yet; a second call changes nothing.
    package static func prepare(_ engine: Engine) async throws {
        var book = Book(0)
        for key in keys { book = try await makeKey(key.dialect, key.text, engine).book }
        try await engine.directory.refresh(from: engine.store)
        let maker = DemoMaker(engine: engine, book: book)
        try await maker.makeStancer()
        try await maker.makeCollctiv()
        try await maker.makeCari()
        try await maker.makeStorno()
    }

    private static func makeKey(_ dialect: String, _ text: String, _ engine: Engine) async throws -> APIKey {
        let prefix = String(text.prefix(while: { $0 != "D" }))
        return try await engine.perform(
            CreateKey(account: account, mode: .test, dialect: dialect, credential: text, prefix: prefix, scopes: [])
        )
    }
}

/// Makes the documents' objects with ordinary commands and gives them their printed ids.
private struct DemoMaker {
    let engine: Engine
    let book: Book

    /// 10,000.00: ample for the documents' lines.
    private static let ample: Int64 = 1_000_000

    func makeStancer() async throws {
        let payment = try await once(.payment, "stancer", "paym_sS1sXwDuaqGTjuQ7DY4BBNaI") { origin in
            var command = CreatePayment(origin: origin, amount: Self.ample, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            return try await engine.perform(command).payment.id.raw
        }
        try await refund(payment, 50, "stancer", "refd_o6Y1oZinbl9lErB24OSQCAKl")
    }

    func makeCollctiv() async throws {
        let customer = try await once(.customer, "collctiv", "117b2b86-4b21-4a67-8592-c267a7ba7997") { origin in
            let person = PersonDetails(firstName: "Demo", lastName: "Payer", email: "payer@example.com")
            let draft = CustomerDraft(person: person, externalReference: nil, secrets: engine.secrets)
            return try await engine.perform(CreateCustomer(origin: origin, draft: draft, refusesEqual: false)).customer
                .id.raw
        }
        let pot = try await once(.pot, "collctiv", "d4748db4-7863-4fa0-9a77-3cd329d5e652") { origin in
            guard let pounds = Currency(code: "GBP") else { preconditionFailure("GBP is a currency") }
            let command = CreatePot(
                origin: origin,
                name: "Demo Pot",
                currency: pounds,
                owner: ObjectName(.customer, customer, in: book),
                metadata: [:],
                facet: nil
            )
            return try await engine.perform(command).pot.id.raw
        }
        let payment = try await once(.payment, "collctiv", "999fe8d5-1615-414b-83fc-2740b3c4a899") { origin in
            var command = CreatePayment(origin: origin, amount: Self.ample, currency: nil)
            command.method = .card
            command.settlesAtOnce = true
            command.customer = .existing(ObjectName(.customer, customer, in: book))
            command.pot = ObjectName(.pot, pot, in: book)
            command.payer = PersonDetails(name: "Demo Payer", email: "payer@example.com")
            return try await engine.perform(command).payment.id.raw
        }
        try await refund(payment, 1000, "collctiv", "3b241101-e2bb-4255-8caf-4136c566a962")
        try await refund(payment, 2100, "collctiv", "522d1dcc-344c-4373-9523-8cf4bd8be008")
    }

    /// `{id}` in the document's lines is what `curl` sends as `id`.
    func makeCari() async throws {
        let payment = try await once(.payment, "cari", "charge_id_1") { origin in
            var command = CreatePayment(origin: origin, amount: Self.ample, currency: Currency(code: "USD"))
            command.method = .card
            command.settlesAtOnce = true
            return try await engine.perform(command).payment.id.raw
        }
        for text in ["id", "{id}"] { _ = try await once(.payment, "cari", text) { _ in payment } }
    }

    /// What the examples of our own document name.
    func makeStorno() async throws {
        let customer = try await once(.customer, "storno", "cus_demo") { origin in
            let person = PersonDetails(name: "Demo Customer", email: "customer@example.com")
            let draft = CustomerDraft(person: person, externalReference: nil, secrets: engine.secrets)
            return try await engine.perform(CreateCustomer(origin: origin, draft: draft, refusesEqual: false)).customer
                .id.raw
        }
        let payment = try await once(.payment, "storno", "pay_demo") { origin in
            var command = CreatePayment(origin: origin, amount: Self.ample, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            command.customer = .existing(ObjectName(.customer, customer, in: book))
            return try await engine.perform(command).payment.id.raw
        }
        try await refund(payment, 1000, "storno", "ref_demo")
    }

    private func refund(_ payment: UInt128, _ amount: Int64, _ dialect: String, _ text: String) async throws {
        _ = try await once(.refund, dialect, text) { origin in
            let command = CreateRefund(
                origin: origin,
                payment: ObjectName(.payment, payment, in: book),
                amount: Amount(minorUnits: amount),
                reasonCode: dialect == "collctiv" ? "customer_requested" : nil,
                comment: dialect == "collctiv" ? "The customer requested a refund via customer services." : nil
            )
            return try await engine.perform(command).refund.id.raw
        }
    }

    /// - Returns: the id of the object that has this text for an alias, made first if there is none.
    private func once(
        _ kind: ObjectKind,
        _ dialect: String,
        _ text: String,
        make: (Origin) async throws -> UInt128
    ) async throws -> UInt128 {
        let spelling = Spelling(dialect: dialect, text: text)
        let name = ObjectName(kind, id: nil, spelling: spelling, in: book)
        if let known = try await engine.identify(name) { return known }
        let origin = Origin(book: book, actor: Actor(.system, "demo"), requestID: nil, dialect: dialect)
        let id = try await make(origin)
        do {
            _ = try await engine.perform(AddAlias(object: ObjectName(kind, id, in: book), spelling: spelling))
            return id
        } catch {
            // Another node that started at the same time was first.
            guard let known = try await engine.identify(name) else { throw error }
            return known
        }
    }
}
