import Domain

/// Our code that drives one processor.
///
/// A connector never decides what becomes of a refund: it says what it heard, and the engine decides.
package protocol Connector: Sendable {
    /// As stored with every payment and refund that it took.
    var name: String { get }
    var capabilities: ConnectorCapabilities { get }

    /// Asks the processor to pay. Every way in which that can end is a value; nothing is thrown.
    func submit(_ order: RefundOrder) async -> SubmissionOutcome

    /// Asks the processor what it knows about an earlier order.
    func find(_ order: RefundOrder, reference: String?) async -> InquiryOutcome
}

/// A connector that also takes payments. Only simulated ones do: real payments are taken elsewhere and
/// imported.
package protocol PaymentTaking: Sendable {
    /// What the processor makes of a new payment; decided from the order alone.
    func take(_ order: PaymentOrder) -> PaymentAnswer

    /// What an authorized payment becomes when the merchant asks for its capture, whole or in part.
    func capture(_ payment: Payment, _ wish: CaptureWish, at moment: Moment) -> PaymentAnswer

    /// The processor's next step for a payment that is due.
    func advance(_ payment: Payment, at moment: Moment) -> PaymentAnswer

    /// A name for what this card makes the simulation do; `nil` for a card that simply succeeds.
    func scenario(of card: CardNumber) -> String?
}

/// A connector whose processor tells of changes by itself.
package protocol Notifying: Sendable {
    /// What the processor told, as it comes. Read by one listener.
    var notifications: AsyncStream<ProcessorNews> { get }
}

package struct ConnectorCapabilities: Sendable {
    package enum Certainty: Sendable {
        /// A repetition with the same key is recognised: it may be sent again.
        case keyed
        /// It can be asked what it knows.
        case queryable
        /// Neither: after a doubtful answer a person has to look.
        case blind
    }

    package let certainty: Certainty
    /// How long a new refund waits before it is sent.
    package let dispatchDelay: Duration
    /// How long after a call its absence from an inquiry proves nothing.
    package let visibilityDelay: Duration
    /// How long a call may take before it counts as unanswered.
    package let callTimeout: Duration
    /// How long to wait before asking what became of a submitted refund.
    package let pollInterval: Duration
    /// How long a keyed processor recognises a repetition; `nil` for ever.
    package let keyWindow: Duration?

    package init(
        certainty: Certainty,
        dispatchDelay: Duration,
        visibilityDelay: Duration,
        callTimeout: Duration,
        pollInterval: Duration,
        keyWindow: Duration? = nil
    ) {
        self.certainty = certainty
        self.dispatchDelay = dispatchDelay
        self.visibilityDelay = visibilityDelay
        self.callTimeout = callTimeout
        self.pollInterval = pollInterval
        self.keyWindow = keyWindow
    }
}

/// One refund as a processor must see it. Amount in minor units.
package struct RefundOrder: Sendable, Equatable {
    package let book: Book
    package let refund: Refund.ID
    package let processorKey: String
    package let amount: Int64
    package let currency: Currency
    package let payment: Payment.ID
    package let paymentReference: String?
    package let connectorAccount: String
    package let metadata: Metadata
    /// The time in the book when it was taken up; a simulated processor lives by it where that is not the true one.
    package let moment: Moment
    package let isOnClock: Bool
    /// The request that asked for it, where that was a step of a trace: what calls the processor over HTTP sends it on, as
    /// `traceparent`.
    package let trace: TraceContext?

    package init(
        refund: Refund,
        processorKey: String,
        payment: Payment,
        at moment: Moment,
        isOnClock: Bool
    ) {
        book = refund.book
        self.refund = refund.id
        self.processorKey = processorKey
        amount = refund.amount
        currency = refund.currency
        self.payment = payment.id
        paymentReference = payment.processorReference
        connectorAccount = payment.connectorAccount
        metadata = refund.metadata
        self.moment = moment
        self.isOnClock = isOnClock
        trace = refund.requestID.flatMap(TraceContext.init(requestID:))
    }
}

package enum SubmissionOutcome: Sendable, Equatable {
    case answered(ProcessorAnswer)
    /// Nothing left this machine; the text is for the log.
    case unsent(String)
    /// No trustworthy answer: a timeout, a reset after sending, a 5xx, something unreadable.
    case unknown(String)
}

package enum InquiryOutcome: Sendable, Equatable {
    case found(ProcessorAnswer)
    /// The processor says that it never heard of it.
    case absent
    /// The inquiry itself failed; it says nothing about the refund.
    case unknown(String)
}

/// What a processor said about one refund. Amount in minor units.
package struct ProcessorAnswer: Sendable, Equatable {
    package let claim: EvidenceClaim
    package let reference: String?
    package let amount: Int64?
    package let currency: Currency?
    package let failure: RefundFailure?
    package let processorTime: Moment?
    /// Until when the payer may act, or when to try again.
    package let until: Moment?

    package init(
        claim: EvidenceClaim,
        reference: String? = nil,
        amount: Int64? = nil,
        currency: Currency? = nil,
        failure: RefundFailure? = nil,
        processorTime: Moment? = nil,
        until: Moment? = nil
    ) {
        self.claim = claim
        self.reference = reference
        self.amount = amount
        self.currency = currency
        self.failure = failure
        self.processorTime = processorTime
        self.until = until
    }
}

/// A payment to be taken. Amount in minor units.
package struct PaymentOrder: Sendable {
    package let amount: Int64
    package let currency: Currency
    package let method: PaymentMethod
    package let cardScenario: String?
    /// `false` leaves it authorized until its capture is asked for.
    package let capturesAtOnce: Bool
    /// Whether the API it was asked through shows a capture as settled at once.
    package let settlesAtOnce: Bool
    package let moment: Moment

    package init(
        amount: Int64,
        currency: Currency,
        method: PaymentMethod,
        cardScenario: String?,
        capturesAtOnce: Bool,
        settlesAtOnce: Bool,
        moment: Moment
    ) {
        self.amount = amount
        self.currency = currency
        self.method = method
        self.cardScenario = cardScenario
        self.capturesAtOnce = capturesAtOnce
        self.settlesAtOnce = settlesAtOnce
        self.moment = moment
    }
}

package struct PaymentAnswer: Sendable, Equatable {
    package let state: PaymentState
    package let response: String?
    /// Minor units that this step captured; `nil`, once it is captured, for all that was left.
    package let captured: Int64?
    /// When to ask for the next step; `nil` when there is none.
    package let nextStepAt: Moment?
    /// Whether the payer's bank disputes it at once.
    package let isDisputed: Bool

    package init(
        state: PaymentState,
        response: String?,
        captured: Int64? = nil,
        nextStepAt: Moment? = nil,
        isDisputed: Bool = false
    ) {
        self.state = state
        self.response = response
        self.captured = captured
        self.nextStepAt = nextStepAt
        self.isDisputed = isDisputed
    }
}
