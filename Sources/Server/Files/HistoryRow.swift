import DialectKit
import Domain
import Engine
import Storage

/// Turns rows of a file into commands. Each cell is read as strictly as a member of a request.
package struct HistoryRows: Sendable {
    private let header: HistoryHeader
    private let book: Book
    private let dialect: String
    private let actor: Actor
    private let secrets: Secrets
    private let processor: String?
    private let now: Moment

    private static let integers: Set<String> = ["amount", "captured", "fee"]

    /// How long texts may be, in characters: as in Storno's own API.
    private enum Lengths {
        static let reference = 255
        static let name = 200
        static let email = 254
    }

    /// - Parameters:
    ///   - dialect: the API by whose ids rows are known that name none.
    ///   - processor: where refunds of the mode go; `nil` where none is configured.
    package init(
        header: HistoryHeader,
        book: Book,
        dialect: String,
        actor: Actor,
        secrets: Secrets,
        processor: String?,
        now: Moment
    ) {
        self.header = header
        self.book = book
        self.dialect = dialect
        self.actor = actor
        self.secrets = secrets
        self.processor = processor
        self.now = now
    }

    /// - Throws: ``Refusal``, naming the column.
    package func item(_ cells: [String]) throws(Refusal) -> ImportHistory.Item {
        guard cells.count == header.columns.count else {
            throw .invalid(field: "", reason: "has \(cells.count) cells, and the header \(header.columns.count)")
        }
        var members: [JSONMember] = []
        for (name, cell) in zip(header.columns, cells) where !cell.isEmpty && !header.kind.ignored.contains(name) {
            members.append(JSONMember(name, try value(CSVText.plain(cell), of: name)))
        }
        let fields = try Fields(.object(members))
        return switch header.kind {
        case .payments: .payment(try payment(fields))
        case .refunds: .refund(try refund(fields))
        }
    }

    private func value(_ cell: String, of column: String) throws(Refusal) -> JSONValue {
        if Self.integers.contains(column) { return .number(cell) }
        guard column == "metadata" else { return .string(cell) }
        do throws(JSONFault) {
            return try JSONReader.read(Array(cell.utf8))
        } catch {
            throw .invalid(field: column, reason: "is not valid JSON: \(error.reason)")
        }
    }

    private func payment(_ fields: Fields) throws(Refusal) -> ImportPayment {
        let amount = try fields.requiredAmount("amount")
        guard let currency = try fields.currency("currency") else { throw fields.invalid("currency", "is required") }
        let captured = try fields.integer("captured", 0...Amount.largest) ?? amount.minorUnits
        let status = try fields.text("status") ?? PaymentState.captured.rawValue
        guard status == PaymentState.captured.rawValue, captured > 0 else {
            throw fields.invalid("status", "must be captured: what was not captured is ended where it was begun")
        }
        guard captured <= amount.minorUnits else {
            throw fields.invalid("captured", "must not be more than the amount")
        }
        let fee = try fields.integer("fee", 0...Amount.largest) ?? 0
        guard fee <= captured else { throw fields.invalid("fee", "must not be more than what was captured") }
        let (spelling, id) = try name(.payment, "id", fields, dialect: "dialect")
        let createdAt = try time("created_at", fields)
        let capturedAt = try time("captured_at", fields) ?? createdAt ?? now
        if let createdAt, capturedAt < createdAt {
            throw fields.invalid("captured_at", "must not be before created_at")
        }
        var command = CreatePayment(origin: origin(spelling.dialect), amount: amount.minorUnits, currency: currency)
        command.taken = PaymentTaken(
            connector: try processor(fields),
            account: try fields.text("processor_account", 1...Lengths.reference) ?? "default",
            reference: try fields.text("processor_reference", 1...Lengths.reference) ?? spelling.text,
            capturedAt: capturedAt,
            fee: fee
        )
        command.past = PastPayment(createdAt: createdAt ?? capturedAt, captured: captured, spelling: spelling)
        command.customer = try customer(fields)
        command.orderReference = try fields.text("order_reference", 1...Lengths.reference)
        command.metadata = try fields.metadata()
        return ImportPayment(command, id: id)
    }

    private func processor(_ fields: Fields) throws(Refusal) -> String {
        guard let named = try fields.text("processor", 1...Lengths.name) else { return processor ?? "" }
        if let processor, processor != named {
            throw fields.invalid("processor", "must be one that refunds can be sent to: \(processor)")
        }
        return named
    }

    private func customer(_ fields: Fields) throws(Refusal) -> CustomerWish? {
        let email = try fields.text("customer_email", 3...Lengths.email)
        let name = try fields.text("customer_name", 1...Lengths.name)
        guard email != nil || name != nil else { return nil }
        let person = PersonDetails(name: name, email: email)
        var draft = CustomerDraft(person: person, externalReference: nil, secrets: secrets)
        draft.isPast = true
        return email == nil ? .equal(draft) : .withEmail(draft)
    }

    private func refund(_ fields: Fields) throws(Refusal) -> ImportRefund {
        let (spelling, id) = try name(.refund, "id", fields, dialect: "dialect")
        let payment = try name(.payment, "payment", fields, dialect: "payment_dialect", otherwise: spelling.dialect)
        let createdAt = try time("created_at", fields)
        let succeededAt = try time("succeeded_at", fields)
        let moment = createdAt ?? succeededAt ?? now
        var command = ImportRefund(
            origin: origin(spelling.dialect),
            name: ObjectName(.refund, id: id, spelling: spelling, in: book),
            payment: ObjectName(.payment, id: payment.id, spelling: payment.spelling, in: book),
            amount: try fields.requiredAmount("amount"),
            currency: try fields.currency("currency"),
            createdAt: moment,
            end: try end(fields, at: succeededAt ?? moment),
            processorReference: try fields.text("processor_reference", 1...Lengths.reference) ?? spelling.text
        )
        command.reasonCode = try fields.identifier("reason")
        command.metadata = try fields.metadata()
        return command
    }

    private func end(_ fields: Fields, at moment: Moment) throws(Refusal) -> ImportRefund.End {
        let failure = try fields.text("failure")
        switch try fields.text("status") ?? RefundStatus.succeeded.rawValue {
        case RefundStatus.succeeded.rawValue:
            guard failure == nil else { throw fields.invalid("failure", "does not go with a refund that succeeded") }
            return .succeeded(at: moment)
        case RefundStatus.failed.rawValue:
            guard let code = FailureCode(rawValue: failure ?? FailureCode.declined.rawValue) else {
                let known = FailureCode.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.invalid("failure", "must be one of \(known)")
            }
            return .failed(RefundFailure(code))
        default:
            throw fields.invalid("status", "must be succeeded or failed: what is under way is ended where it was begun")
        }
    }

    // MARK: - Names and times

    private func name(
        _ kind: ObjectKind,
        _ column: String,
        _ fields: Fields,
        dialect dialectColumn: String,
        otherwise: String? = nil
    ) throws(Refusal) -> (spelling: Spelling, id: UInt128?) {
        let text = try fields.requiredText(column, 1...Lengths.reference)
        // Two spellings of one letter are equal to Swift and not to a database.
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw fields.invalid(column, "must be of printable ASCII characters, as ids are")
        }
        let dialect = try fields.text(dialectColumn) ?? otherwise ?? self.dialect
        guard let spoken = Catalog.dialect(named: dialect) else {
            let known = Catalog.dialects.map(\.name).sorted().joined(separator: ", ")
            throw fields.invalid(dialectColumn, "must be one of \(known)")
        }
        // Storno's own ids are taken beside those of any API.
        let id = spoken.id(kind, text) ?? Catalog.id(kind, text)
        return (Spelling(dialect: dialect, text: spoken.spelling(text)), id)
    }

    /// As in RFC 3339, or in seconds since 1970.
    private func time(_ column: String, _ fields: Fields) throws(Refusal) -> Moment? {
        guard let text = try fields.text(column, 1...40) else { return nil }
        guard let moment = Int64(exactToken: text).map(Moment.init(seconds:)) ?? Instant.moment(text),
            moment.milliseconds >= 0
        else {
            throw fields.invalid(
                column,
                "must be a time as in RFC 3339, such as 2026-11-01T09:30:00Z, or seconds since 1970"
            )
        }
        guard moment <= now else { throw fields.invalid(column, "must not lie in the future") }
        return moment
    }

    private func origin(_ dialect: String) -> Origin {
        Origin(book: book, actor: actor, requestID: nil, dialect: dialect)
    }
}
