import Foundation

/// Where a refund is. Words that this library does not know survive.
public struct RefundStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Policy wants a person to decide.
    public static let awaitingApproval = RefundStatus(rawValue: "awaiting_approval")
    /// To be sent; `pendingReason` says why not yet.
    public static let queued = RefundStatus(rawValue: "queued")
    /// On its way to the processor.
    public static let dispatching = RefundStatus(rawValue: "dispatching")
    /// The call ended without a trustworthy answer; the processor will be asked.
    public static let inDoubt = RefundStatus(rawValue: "in_doubt")
    /// The processor has it.
    public static let submitted = RefundStatus(rawValue: "submitted")
    /// The payer has to supply something.
    public static let requiresAction = RefundStatus(rawValue: "requires_action")
    /// The money left. It can still come back: `reversed`.
    public static let succeeded = RefundStatus(rawValue: "succeeded")
    /// The money came back after it had left.
    public static let reversed = RefundStatus(rawValue: "reversed")
    /// Proven not to have happened.
    public static let failed = RefundStatus(rawValue: "failed")
    /// Withdrawn before anything was sent.
    public static let canceled = RefundStatus(rawValue: "canceled")
    /// What was heard of it contradicts itself: a person has to look.
    public static let needsReview = RefundStatus(rawValue: "needs_review")
}

extension RefundStatus {
    /// Whether nothing more happens by itself, as far as anybody knows: also `succeeded`, which can still be reversed, and
    /// `needs_review`, which waits for a person.
    public var isSettled: Bool { [.succeeded, .reversed, .failed, .canceled, .needsReview].contains(self) }
}

/// What a refund does. Words that this library does not know survive.
public struct RefundKind: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Gives back what was captured.
    public static let refund = RefundKind(rawValue: "refund")
    /// Lets a payment go that is not captured yet.
    public static let void = RefundKind(rawValue: "void")
    /// Was made at the processor, past this server.
    public static let external = RefundKind(rawValue: "external")
    /// Was paid by hand.
    public static let manual = RefundKind(rawValue: "manual")
}

/// Why a refund did not happen.
public struct RefundFailure: Codable, Sendable, Equatable {
    /// For programs, such as `declined`.
    public let code: String
    /// For people.
    public let detail: String?

    enum CodingKeys: String, CodingKey {
        case code
        case detail
    }
}

/// The intent to give money back.
public struct Refund: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// The payment's id.
    public let payment: String
    /// What it does.
    public let kind: RefundKind
    /// How much. In minor units.
    public let amount: Int64
    /// ISO 4217, in upper case.
    public let currency: String
    /// Where it is.
    public let status: RefundStatus
    /// Why it is not sent yet, such as `undo_window` or `insufficient_funds`.
    public let pendingReason: String?
    /// Why it did not happen.
    public let failure: RefundFailure?
    /// The reason's code, as the merchant gave it.
    public let reason: String?
    /// Free text.
    public let comment: String?
    /// The refund that this one is another try of.
    public let retryOf: String?
    /// The customer's id.
    public let customer: String?
    /// The pot's id.
    public let pot: String?
    /// Who asked for it.
    public let actor: Actor
    /// The request that asked for it.
    public let requestID: String?
    /// The API that it was made through.
    public let origin: String
    /// Who moves the money.
    public let processor: String
    /// How the processor calls it.
    public let processorReference: String?
    /// How the payer's bank calls it.
    public let bankReference: String?
    /// How often it was sent. `nil` in an event's object.
    public let attemptCount: Int64?
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// When it was first sent.
    public let sentAt: Date?
    /// When the money left.
    public let succeededAt: Date?
    /// When nobody can approve it any more.
    public let expiresAt: Date?
    /// When it is looked at next.
    public let nextCheckAt: Date?
    /// What the merchant keeps with it. `nil` where an event was abridged.
    public let metadata: [String: String]?
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case payment
        case kind
        case amount
        case currency
        case status
        case pendingReason = "pending_reason"
        case failure
        case reason
        case comment
        case retryOf = "retry_of"
        case customer
        case pot
        case actor
        case requestID = "request_id"
        case origin
        case processor
        case processorReference = "processor_reference"
        case bankReference = "bank_reference"
        case attemptCount = "attempt_count"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case sentAt = "sent_at"
        case succeededAt = "succeeded_at"
        case expiresAt = "expires_at"
        case nextCheckAt = "next_check_at"
        case metadata
        case version
    }
}

/// One call to a processor.
public struct RefundAttempt: Codable, Sendable, Equatable {
    /// 1, 2, …
    public let number: Int64
    /// Which movement: `payer`, `transfer` or `fee`.
    public let leg: String
    /// Who was called.
    public let processor: String
    /// The key that makes the processor do it once.
    public let processorKey: String
    /// When it was written down.
    public let startedAt: Date
    /// When it ended; `nil` while it runs.
    public let endedAt: Date?
    /// `answered`, `refused`, `unknown` or `unsent`.
    public let outcome: String?

    enum CodingKeys: String, CodingKey {
        case number
        case leg
        case processor
        case processorKey = "processor_key"
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case outcome
    }
}

/// One fact heard about a refund.
public struct RefundEvidence: Codable, Sendable, Equatable {
    /// Where from, such as `reply`, `inquiry`, `notification` or `operator`.
    public let source: String
    /// What it says, such as `succeeded` or `refused`.
    public let claim: String
    /// The attempt that it answers.
    public let attempt: Int64?
    /// The amount that it names, in minor units.
    public let amount: Int64?
    /// The currency that it names.
    public let currency: String?
    /// How the processor calls the refund.
    public let processorReference: String?
    /// Why it did not happen.
    public let failure: RefundFailure?
    /// When it happened, by the processor.
    public let processorTime: Date?
    /// When it was heard.
    public let arrivedAt: Date

    enum CodingKeys: String, CodingKey {
        case source
        case claim
        case attempt
        case amount
        case currency
        case processorReference = "processor_reference"
        case failure
        case processorTime = "processor_time"
        case arrivedAt = "arrived_at"
    }
}

/// What a refund would do now. Nothing is held by it.
public struct RefundQuote: Codable, Sendable, Equatable {
    /// The payment's id.
    public let payment: String
    /// The payment's version, to which the token is tied.
    public let paymentVersion: Int64
    /// ISO 4217, in upper case.
    public let currency: String
    /// What can be refunded. In minor units.
    public let amountRefundable: Int64
    /// Whether it would be taken.
    public let possible: Bool
    /// How much it would give back, in minor units.
    public let amount: Int64?
    /// What it would do.
    public let kind: RefundKind?
    /// Where it would begin.
    public let status: RefundStatus?
    /// Why it would not be taken.
    public let refusal: Problem?
    /// What is odd about it.
    public let warnings: [QuoteWarning]
    /// Makes exactly this refund, as long as the payment does not change.
    public let token: String?

    enum CodingKeys: String, CodingKey {
        case payment
        case paymentVersion = "payment_version"
        case currency
        case amountRefundable = "amount_refundable"
        case possible
        case amount
        case kind
        case status
        case refusal
        case warnings
        case token
    }
}

/// Something odd about a refund that is asked about.
public struct QuoteWarning: Codable, Sendable, Equatable {
    /// Such as `equal_refund`, `payment_disputed` or `needs_approval`.
    public let code: String
    /// In minor units, where it is about an amount.
    public let amount: Int64?
    /// The refund that it is about.
    public let refund: String?
    /// When that was made.
    public let createdAt: Date?

    enum CodingKeys: String, CodingKey {
        case code
        case amount
        case refund
        case createdAt = "created_at"
    }
}

/// What became of several refunds that were asked for together.
public struct RefundBatch: Codable, Sendable, Equatable {
    /// How many there are now.
    public let made: Int64
    /// How many there are not.
    public let refused: Int64
    /// One for each, in the order in which they were asked for.
    public let outcomes: [RefundOutcome]

    enum CodingKeys: String, CodingKey {
        case made
        case refused
        case outcomes = "data"
    }
}

/// What became of one of them: either a refund or a problem.
public struct RefundOutcome: Codable, Sendable, Equatable {
    /// Its place, from 0.
    public let index: Int64
    /// The refund.
    public let refund: Refund?
    /// Why there is none.
    public let problem: Problem?

    enum CodingKeys: String, CodingKey {
        case index
        case refund
        case problem = "error"
    }
}
