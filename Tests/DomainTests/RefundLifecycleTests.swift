import Domain
import Testing

@Suite struct RefundLifecycleTests {
    private let lifecycle = RefundLifecycle()

    @Test func `what is final leaves only on evidence or by a person`() {
        let exits: [RefundStatus: Set<RefundStatus>] = [
            .succeeded: [.reversed, .needsReview], .reversed: [.needsReview], .failed: [.reversed, .needsReview],
            .canceled: [.needsReview],
        ]
        for (status, allowed) in exits {
            for happening in RefundHappening.allCases {
                guard let next = lifecycle.next(status, on: happening), next != status else { continue }
                #expect(allowed.contains(next), "\(status) on \(happening) became \(next)")
            }
        }
    }

    @Test func `nothing sent is ever free to be canceled`() {
        for status in [RefundStatus.dispatching, .inDoubt, .submitted, .succeeded, .needsReview] {
            #expect(lifecycle.next(status, on: .cancelRequested) != .canceled)
        }
    }

    @Test func `silence fails nothing`() {
        for status in RefundStatus.allCases {
            let next = lifecycle.next(status, on: .silenced)
            #expect(next == nil || next == status || next == .inDoubt)
        }
    }

    @Test func `success after a failure goes to a person`() {
        for status in [RefundStatus.failed, .canceled, .reversed] {
            #expect(lifecycle.next(status, on: .succeeded) == .needsReview)
        }
    }

    @Test func `every status can be reached`() {
        var reached: Set<RefundStatus> = [.queued, .awaitingApproval]
        var news = reached
        while !news.isEmpty {
            let next = Set(
                news.flatMap { status in RefundHappening.allCases.compactMap { lifecycle.next(status, on: $0) } }
            )
            news = next.subtracting(reached)
            reached.formUnion(next)
        }
        #expect(reached == Set(RefundStatus.allCases))
    }

    @Test func `moving an amount there and back leaves the journal level`() {
        let rules = PostingRules()
        for before in [RefundStatus.Hold.reserved, .spent, .released] {
            for after in [RefundStatus.Hold.reserved, .spent, .released] {
                let forth = rules.refund(before, after)
                let back = rules.refund(after, before)
                #expect((forth == nil) == (before == after))
                #expect(forth?.debit == back?.credit)
                #expect(forth?.credit == back?.debit)
            }
        }
    }
}
