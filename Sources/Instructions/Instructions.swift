import DialectKit
import Domain
import Engine
import Foundation
import Fuzzing
import Logging
import SQLiteStorage
import Server
import Storage

/// Refunds from the request's text to the answer's bytes, in process and without a network, on a database file:
///
///     Instructions API REFUNDS FOLDER
///
/// Made to be counted by callgrind (`Benchmarks/instructions.py`): time stands still, ids come from a seed, and what is not
/// done by the store's writer is done by one thread in the order in which it came.
@main
enum Instructions {
    /// As many as ask at a time: they share a transaction.
    private static let crowd = 32

    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let refunds = Int(words[2]), refunds % crowd == 0,
            let asking = Asking(words[1])
        else {
            FileHandle.standardError.write(Data("usage: Instructions storno|cari REFUNDS FOLDER\n".utf8))
            exit(64)
        }
        try Turns.run { try await run(refunds, asking, words[3] + "/storno.sqlite") }
    }

    private static func run(_ refunds: Int, _ asking: Asking, _ path: String) async throws {
        let store = try SQLiteStore(path: path) { _ in Secrets(bytes: Array(repeating: 5, count: 32)) }
        var logger = Logger(label: "storno-instructions")
        logger.logLevel = .critical
        let installation = try await Installation(store: store, time: Standstill(), random: Counter(), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await installation.run() }
            defer { installation.close() }
            try await Demo.prepare(installation.engine)
            let door = FrontDoor(engine: installation.engine, readiness: Readiness())
            let payments = try await asking.payments(crowd, door)
            for round in 0..<(refunds / crowd) {
                try await withThrowingTaskGroup(of: Void.self) { requests in
                    for (number, payment) in payments.enumerated() {
                        let request = asking.refund(of: payment, key: "key-\(round)-\(number)")
                        requests.addTask { _ = try await succeed(request, door) }
                    }
                    try await requests.waitForAll()
                }
            }
        }
        await store.leave()
    }

    fileprivate static func succeed(_ request: RequestText, _ door: FrontDoor) async throws -> Fuzzing.Answer {
        let answer = try await door.answer(request)
        guard answer.isSuccess else {
            throw Unanswered(description: "\(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer
    }
}

/// An API, and how a refund is asked for in it.
private struct Asking: Sendable {
    private let speaker: Speaker
    private let path: String
    private let payment: String
    private let prefix: String

    /// - Returns: `nil` for an API that it does not know.
    init?(_ api: String) {
        switch api {
        case "storno": (path, payment, prefix) = ("/storno/v1/refunds", "payment", "pay_")
        case "cari": (path, payment, prefix) = ("/cari/refunds", "charge", "ch_")
        default: return nil
        }
        speaker = Speaker(api)
    }

    /// What is refunded: the digits of so many payments' ids.
    func payments(_ count: Int, _ door: FrontDoor) async throws -> [Substring] {
        let body = #"{"amount":100000000,"currency":"EUR"}"#
        var digits: [Substring] = []
        for _ in 0..<count {
            let request = Speaker("storno").saying(RequestText("POST /storno/v1/payments\n\n\(body)"))
            let answer = try await Instructions.succeed(request, door)
            guard case .string(let id)? = try JSONReader.read(answer.body)["id"] else {
                throw Unanswered(description: "a payment without an id")
            }
            digits.append(id.dropFirst("pay_".count))
        }
        return digits
    }

    func refund(of digits: Substring, key: String) -> RequestText {
        let body = #"{"\#(payment)":"\#(prefix)\#(digits)","amount":100}"#
        return speaker.saying(
            RequestText("POST \(path)\nContent-Type: application/json\nIdempotency-Key: \(key)\n\n\(body)")
        )
    }
}

private struct Unanswered: Error, CustomStringConvertible {
    let description: String
}

/// 2026-01-02 03:04:05 UTC, for ever.
private struct Standstill: TimeSource {
    let now = Moment(seconds: 1_767_323_045)

    func sleep(for duration: Duration) async throws {}
}

private struct Counter: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 0

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return state ^ state >> 31
    }
}
