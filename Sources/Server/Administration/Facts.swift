import Domain
import Engine
import Storage

/// A dispute as the person `user` enters it. Amount in minor units, `openedAt` in milliseconds since 1970.
package struct DisputeEntry: Codable, Sendable {
    package let account: String
    package let mode: String
    package let payment: String
    package let amount: Int64
    package let currency: String?
    package let stage: String
    package let fundsWithdrawn: Bool
    package let reference: String?
    package let response: String?
    package let openedAt: Int64?
    package let user: String

    package init(
        account: String,
        mode: String,
        payment: String,
        amount: Int64,
        currency: String?,
        stage: String,
        fundsWithdrawn: Bool,
        reference: String?,
        response: String?,
        openedAt: Int64?,
        user: String
    ) {
        self.account = account
        self.mode = mode
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.stage = stage
        self.fundsWithdrawn = fundsWithdrawn
        self.reference = reference
        self.response = response
        self.openedAt = openedAt
        self.user = user
    }
}

package struct DisputeEnd: Codable, Sendable {
    package let account: String
    package let mode: String
    package let dispute: String
    /// won or lost.
    package let state: String
    package let user: String

    package init(account: String, mode: String, dispute: String, state: String, user: String) {
        self.account = account
        self.mode = mode
        self.dispute = dispute
        self.state = state
        self.user = user
    }
}

/// A refund that the person `user` found at the processor. Amount in minor units, `processorTime` in milliseconds
/// since 1970.
package struct ExternalEntry: Codable, Sendable {
    package let account: String
    package let mode: String
    package let payment: String
    package let amount: Int64
    package let currency: String?
    package let reference: String
    package let processorTime: Int64?
    package let user: String

    package init(
        account: String,
        mode: String,
        payment: String,
        amount: Int64,
        currency: String?,
        reference: String,
        processorTime: Int64?,
        user: String
    ) {
        self.account = account
        self.mode = mode
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.reference = reference
        self.processorTime = processorTime
        self.user = user
    }
}

// MARK: - Writing them down

extension Administration {
    func open(_ entry: DisputeEntry) async throws -> DisputeSummary {
        let book = try await ObjectText.book(entry.account, entry.mode, of: engine.store)
        try AdminRefusal.refuseCardNumber(in: entry.response, "response")
        guard let stage = DisputeStage(rawValue: entry.stage) else {
            let known = DisputeStage.allCases.map(\.rawValue).joined(separator: ", ")
            throw AdminRefusal("There is no stage \(entry.stage). There are: \(known).")
        }
        let payment = try await ObjectText.find(.payment, entry.payment, in: book, of: engine.store)
        let command = OpenDispute(
            origin: origin(book, entry.user),
            payment: ObjectName(.payment, payment, in: book),
            amount: try amount(entry.amount),
            currency: try currency(entry.currency),
            stage: stage,
            fundsWithdrawn: entry.fundsWithdrawn,
            reference: try entry.reference.map(reference),
            response: entry.response,
            openedAt: entry.openedAt.map(Moment.init(milliseconds:))
        )
        return DisputeSummary(try await perform(fact: command))
    }

    func close(_ end: DisputeEnd) async throws -> DisputeSummary {
        let book = try await ObjectText.book(end.account, end.mode, of: engine.store)
        guard let state = DisputeState(rawValue: end.state), state != .open else {
            throw AdminRefusal("A dispute ends as won or lost, not as \(end.state).")
        }
        let dispute = try await ObjectText.find(.dispute, end.dispute, in: book, of: engine.store)
        let name = ObjectName(.dispute, dispute, in: book)
        let command = CloseDispute(origin: origin(book, end.user), dispute: name, state: state)
        return DisputeSummary(try await perform(fact: command))
    }

    func add(_ entry: ExternalEntry) async throws -> ExternalSummary {
        let book = try await ObjectText.book(entry.account, entry.mode, of: engine.store)
        let payment = try await ObjectText.find(.payment, entry.payment, in: book, of: engine.store)
        let command = RecordExternalRefund(
            origin: origin(book, entry.user),
            payment: ObjectName(.payment, payment, in: book),
            amount: try amount(entry.amount),
            currency: try currency(entry.currency),
            processorReference: try reference(entry.reference),
            processorTime: entry.processorTime.map(Moment.init(milliseconds:)),
            source: .operator
        )
        return ExternalSummary(try await perform(fact: command))
    }

    private func origin(_ book: Book, _ user: String) -> Origin {
        Origin(book: book, actor: Actor(.operator, user), requestID: nil, dialect: "storno")
    }

    private func reference(_ text: String) throws -> String {
        guard !text.allSatisfy(\.isWhitespace) else {
            throw AdminRefusal("The reference is empty. Give the one by which the processor knows it.")
        }
        try AdminRefusal.refuseCardNumber(in: text, "reference")
        return text
    }

    private func amount(_ minorUnits: Int64) throws -> Amount {
        guard let amount = Amount(minorUnits: minorUnits) else {
            throw AdminRefusal("An amount is 1 to \(Amount.largest) minor units, not \(minorUnits).")
        }
        return amount
    }

    private func currency(_ code: String?) throws -> Currency? {
        guard let code else { return nil }
        guard let currency = Currency(code: code) else { throw AdminRefusal("There is no currency \(code).") }
        return currency
    }

    private func perform<C: Command>(fact command: C) async throws -> C.Outcome {
        do {
            return try await engine.perform(command)
        } catch .rejected(.currencyDiffers(let expected)) {
            throw AdminRefusal("The payment is in \(expected.code).")
        }
    }
}
