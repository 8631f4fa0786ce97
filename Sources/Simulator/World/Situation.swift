/// Rare things that a campaign has to meet: one that it never met proves nothing about it.
enum Situation: String, CaseIterable, Sendable {
    // Machines
    case crash = "a process died"
    case crashInFlight = "a process died with a call in flight"
    case commitLostInCrash = "a commit was lost with its process"
    case commitSurvivedCrash = "a commit was durable, its answer was not"
    case recovered = "a restart found attempts without an end"
    case stalled = "a process was held up"
    case leaseOver = "a worker came too late to call"
    case clockWentBack = "a clock went back"
    case bothNodesServed = "two nodes served"

    // Stores
    case storeUnavailable = "the store was away"
    case commitOutcomeUnknown = "a commit's end was never heard"
    case storeFatal = "the medium failed"
    case busy = "the queue was full"

    // The way to the processor
    case unsent = "a call never left"
    case requestLost = "a request was lost"
    case replyLost = "a reply was lost after execution"
    case serverErrorAfterExecution = "a server error after execution"
    case lateArrival = "a request arrived after its caller gave up"
    case inquiryFailed = "an inquiry failed"
    case absentWhenAsked = "an inquiry found nothing"
    case absenceTooEarly = "an inquiry found nothing that was there"
    case resent = "a refund was sent again under its key"
    case sentAgainAfterAbsence = "a refund was sent again after its absence was proven"

    // Processors
    case declined = "a refund was declined"
    case refusedAfterAcceptance = "an accepted refund was refused"
    case returned = "a refund came back after success"
    case actionRequired = "the payer had to act"
    case actionExpired = "the payer did not act"
    case postponed = "the processor had no funds yet"
    case contradicted = "the processor answered about another amount"
    case lateSuccess = "success after an answer of failure"
    case hintBeforeReply = "a notification came before the reply"
    case hintTwice = "a notification came twice"
    case falseHint = "a notification told something untrue"
    case blindDoubt = "a blind processor left a refund in doubt"
    case givenUp = "asking led nowhere for too long"

    // People
    case replayed = "a repeated request got the first answer"
    case mismatched = "a key came with another body"
    case inProgress = "a key was still running"
    case repeatedAfterCrash = "a request was repeated after a crash"
    case nothingLeft = "nothing was left to refund"
    case exceeded = "more was asked for than was left"
    case withdrawn = "a refund was withdrawn"
    case tooLateToWithdraw = "a refund was sent before it could be withdrawn"
    case voided = "an uncaptured payment was let go"
    case resolved = "an operator decided"
    case approved = "a refund was approved"
    case rejected = "a refund was not approved"
    case ownApproval = "somebody tried to approve their own refund"
    case approvalExpired = "an approval came too late"
}
