import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

/// A state of a refund, and what it reads here.
struct Reading: Sendable, CustomTestStringConvertible {
    let status: RefundStatus
    var wasSent = false
    var failure: RefundFailure?
    let word: String
    /// The code of `failure_details`; `nil` where there are none.
    var code: String?

    var testDescription: String { "\(status.rawValue), sent: \(wasSent), \(failure?.code.rawValue ?? "-")" }

    static let all: [Reading] = [
        Reading(status: .awaitingApproval, word: "new"),
        Reading(status: .queued, word: "new"),
        Reading(status: .queued, wasSent: true, word: "processing"),
        Reading(status: .dispatching, wasSent: true, word: "processing"),
        Reading(status: .inDoubt, wasSent: true, word: "processing"),
        Reading(status: .submitted, wasSent: true, word: "processing"),
        Reading(status: .requiresAction, wasSent: true, word: "processing"),
        Reading(status: .needsReview, wasSent: true, failure: RefundFailure(.declined), word: "processing"),
        Reading(status: .succeeded, wasSent: true, word: "complete"),
    ]

    static let failed: [Reading] =
        FailureCode.allCases.map {
            Reading(status: .failed, wasSent: true, failure: RefundFailure($0), word: "failed", code: $0.rawValue)
        } + [
            Reading(status: .failed, word: "failed", code: "declined"),
            Reading(status: .canceled, failure: RefundFailure(.canceled), word: "failed", code: "canceled"),
            Reading(status: .canceled, word: "failed", code: "canceled"),
            Reading(
                status: .reversed,
                wasSent: true,
                failure: RefundFailure(.reversed),
                word: "failed",
                code: "reversed"
            ),
            Reading(status: .reversed, wasSent: true, word: "failed", code: "reversed"),
        ]
}

struct RefundStatusTests {
    @Test(arguments: Reading.all)
    func `each state reads in the vendor's three words`(reading: Reading) async throws {
        try await TestServer.run { server in
            let (merchant, refund) = try await planted(reading, server)
            for setting in ["off", "on"] {
                try await server.set(["collctiv.failed": setting])
                let shown = try await merchant.get("/v1/refunds/\(refund)")
                #expect(shown["status"]?.string == reading.word)
                #expect(shown["failure_details"] == nil)
            }
        }
    }

    @Test(arguments: Reading.failed)
    func `a failure reads processing with its reason, or failed where the account asked for it`(
        reading: Reading
    ) async throws {
        try await TestServer.run { server in
            let (merchant, refund) = try await planted(reading, server)
            for (setting, word) in [("off", "processing"), ("on", reading.word)] {
                try await server.set(["collctiv.failed": setting])
                for shown in [
                    try await merchant.get("/v1/refunds/\(refund)"),
                    try #require(try await merchant.get("/v1/refunds")["data"]?.array?.first),
                ] {
                    #expect(shown["status"]?.string == word)
                    #expect(shown["failure_details"]?["code"]?.string == reading.code)
                    #expect(shown["failure_details"]?["message"]?.string?.isEmpty == false)
                }
            }
        }
    }

    @Test func `the processor's own words are shown where it has some`() async throws {
        try await TestServer.run { server in
            let failure = RefundFailure(.declined, detail: "Do not honour.")
            let reading = Reading(status: .failed, failure: failure, word: "failed")
            let (merchant, refund) = try await planted(reading, server)
            let details = try await merchant.get("/v1/refunds/\(refund)")["failure_details"]
            #expect(details == .members(("code", "declined"), ("message", "Do not honour.")))
        }
    }

    private func planted(_ reading: Reading, _ server: TestServer) async throws -> (Merchant, String) {
        let merchant = try await Merchant(server)
        let refund = try await merchant.refund(of: try await merchant.payment())
        let command = PlantedRefundState(
            refund: try merchant.name(.refund, refund),
            status: reading.status,
            failure: reading.failure,
            wasSent: reading.wasSent
        )
        try await server.engine.perform(command)
        return (merchant, refund)
    }
}
